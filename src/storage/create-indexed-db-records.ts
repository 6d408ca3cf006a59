import { AuthError } from '../errors.js'
import type { Page } from '../platform/page.js'
import type { Records } from './create-store.js'

const STORE = 'records'
/** In milliseconds. Opening can hang: behind a delete in another tab, and on an old WebKit bug. */
const DEADLINE = 3_000
/** The same once a call has worked: the device is then more likely to be busy. */
const PATIENCE = 8_000

/**
 * Makes records in their own IndexedDB database. The database is opened for each call and closed
 * again, so that an idle page stays eligible for the back/forward cache and deleting the database
 * never waits. If the user leaves the page during a call, the call is undone, and made again if the
 * page comes back: otherwise WebKit keeps the page with the call half done, and no page of this
 * origin can read or write from then on.
 *
 * IndexedDB and not `localStorage`, because a Web Lock does not order `localStorage` across tabs.
 *
 * A call that failed is made once more, because some browsers lose the connection for a moment. A database
 * that was too slow is not waited for again.
 *
 * @throws {AuthError} `storage_unavailable`, retryable if the database did not answer in time
 */
export function createIndexedDbRecords(name: string, on: Page['on']): Records {
  /** Whether a call has worked before. */
  let isProven = false
  const deadline = () => (isProven ? PATIENCE : DEADLINE)
  /** Functions that each give up one waiting call, as too late. */
  const waiting = new Set<() => void>()
  const once: Records = (change) =>
    new Promise((resolve, reject) => {
      let isOver = false
      let isLate = false
      let transaction: IDBTransaction | undefined
      /** Runs a task, and fails if it throws, as Firefox does when storage is blocked. */
      const attempt = (task: () => void) => {
        try {
          task()
        } catch {
          fail()
        }
      }
      const end = () => {
        isOver = true
        waiting.delete(giveUp)
        clearTimeout(timer)
        stop()
      }
      const undo = () => {
        end()
        attempt(() => transaction?.abort())
      }
      const fail = () => {
        if (isOver) return
        undo()
        const message = 'The browser keeps no data for this page.'
        reject(new AuthError('storage_unavailable', message, { retryable: isLate }))
      }
      const giveUp = () => {
        isLate = true
        fail()
      }
      waiting.add(giveUp)
      // Two timers, each for half of the deadline: a page that slept past it has half of it left.
      let timer = setTimeout(() => {
        timer = setTimeout(() => {
          giveUp()
          // If the database never worked, memory replaces it for all calls: none may be done there.
          if (!isProven) for (const other of waiting) other()
        }, deadline() / 2)
      }, deadline() / 2)
      const stop = on('hidden', () => {
        undo()
        const forget = on('restored', () => {
          forget()
          resolve(records(change))
        })
      })
      attempt(() => {
        // Whichever version it has. A later version of this package may have raised it, and keeps the
        // records where they are: a page that could not read them would send a refresh token that
        // another tab has used, end no session that another tab has, and begin no sign-in.
        const opening = indexedDB.open(name)
        opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
        opening.onerror = fail
        opening.onsuccess = () =>
          attempt(() => {
            const { result } = opening
            // As a script leaves it that opened it first: made anew when the call is made once more.
            if (!result.objectStoreNames.contains(STORE)) {
              const { version } = result
              result.close()
              // With a higher version, somebody has made it that way: it is left alone.
              if (version === 1) indexedDB.deleteDatabase(name)
              fail()
            }
            if (!isOver) {
              const own = result.transaction(STORE, 'readwrite')
              own.onabort = fail
              transaction = own
              // From here on the page is not needed any more. In a microtask, so that the error of
              // a failed change comes first. In Firefox that is too late while the page opens a
              // window: events come and microtasks wait, and the transaction commits by itself.
              const commit = () =>
                queueMicrotask(() => {
                  stop()
                  // A change on its way to the disk is not given up because of another call.
                  waiting.delete(giveUp)
                  try {
                    own.commit()
                  } catch {}
                })
              apply(own, change, attempt, commit, (outcome) => {
                isProven = true
                end()
                resolve(outcome)
              })
            }
            result.close()
          })
      })
    })
  const records: Records = (change) =>
    once(change).catch((error: AuthError) => {
      if (error.retryable) throw error
      return once(change)
    })
  return records
}

/**
 * Runs `change` on all records, and stores what it changed.
 *
 * @param attempt runs a task that throws if the browser cannot store a value
 * @param commit is called when all changes are made
 * @param done is called when the changes are durable, or at once if there are none
 */
function apply<Result>(
  transaction: IDBTransaction,
  change: (all: Map<string, unknown>) => Result,
  attempt: (task: () => void) => void,
  commit: () => void,
  done: (result: Result) => void,
): void {
  const store = transaction.objectStore(STORE)
  const keys = store.getAllKeys()
  const values = store.getAll()
  values.onsuccess = () =>
    attempt(() => {
      const before = new Map(keys.result.map((key, at) => [String(key), values.result[at]]))
      const after = new Map(before)
      const result = change(after)
      const removed = [...before.keys()].filter((key) => !after.has(key))
      const changed = [...after].filter(([key, value]) => value !== before.get(key))
      for (const key of removed) store.delete(key)
      for (const [key, value] of changed) store.put(value, key)
      // Without a change there is nothing to wait for.
      if (removed.length + changed.length) transaction.oncomplete = () => done(result)
      else done(result)
      commit()
    })
}
