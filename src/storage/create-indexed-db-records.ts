import { AuthError } from '../errors.js'
import type { Page } from '../platform/page.js'
import type { Records } from './create-store.js'

const STORE = 'records'
/** Opening can hang: behind a delete that another tab holds up, and on an old WebKit bug. */
const DEADLINE = 3_000
/** What has worked once is more likely to be on a busy device. */
const PATIENCE = 8_000

/**
 * Records in an IndexedDB database of their own. It is opened for each call and closed again, so
 * that an idle page stays eligible for the back/forward cache and deleting the database never waits.
 * A call that the page is left during is undone, and made again if the page comes back: WebKit keeps
 * the page with the call half done, and no page of this origin could read or write from then on.
 *
 * IndexedDB and not `localStorage`, because a Web Lock does not order the latter across tabs.
 *
 * @throws {AuthError} `storage_unavailable`, retryable where it did not answer in time
 */
export function createIndexedDbRecords(name: string, on: Page['on']): Records {
  /** Whether a call has worked before. */
  let isProven = false
  const deadline = () => (isProven ? PATIENCE : DEADLINE)
  /** Gives up a call each, as too late. */
  const waiting = new Set<() => void>()
  const records: Records = (change) =>
    new Promise((resolve, reject) => {
      let isOver = false
      let isLate = false
      let transaction: IDBTransaction | undefined
      /** What throws instead of reporting, as Firefox does when storage is blocked, fails as well. */
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
      // In two halves: a page that slept past it has half of it left.
      let timer = setTimeout(() => {
        timer = setTimeout(() => {
          giveUp()
          // Where it never worked, what replaces it does so for all: nothing is to be done half there.
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
        const opening = indexedDB.open(name, 1)
        opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
        opening.onerror = fail
        opening.onsuccess = () =>
          attempt(() => {
            if (!isOver) {
              const own = opening.result.transaction(STORE, 'readwrite')
              own.onabort = fail
              transaction = own
              // From then on the page is not needed any more. Not at once: what a change has failed by
              // is to come first. In Firefox that is too late while the page opens a window, which has
              // events come and microtasks wait: then it commits by itself.
              const commit = () =>
                queueMicrotask(() => {
                  stop()
                  // What is under way to the disk is not to be given up for another call.
                  waiting.delete(giveUp)
                  try {
                    own.commit()
                  } catch {}
                })
              apply(own, change, attempt, commit, (result) => {
                isProven = true
                end()
                resolve(result)
              })
            }
            opening.result.close()
          })
      })
    })
  return records
}

/**
 * @param attempt runs what throws where the browser does not store what it is given
 * @param commit is called when all changes are made
 * @param done is called when the changes are durable, at once where there are none
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
      // What was only read is at hand already.
      if (removed.length + changed.length) transaction.oncomplete = () => done(result)
      else done(result)
      commit()
    })
}
