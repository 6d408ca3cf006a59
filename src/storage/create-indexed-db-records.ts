import { AuthError } from '../errors.js'
import type { Records } from './records.js'

const STORE = 'records'
/** Opening can hang: a delete that another tab holds up, and an old WebKit bug. */
const DEADLINE = 3_000

/**
 * Records in an IndexedDB database of their own. It is opened for each call and closed again, so
 * that an idle page stays eligible for the back/forward cache and deleting the database never waits.
 *
 * IndexedDB and not `localStorage`, because a Web Lock does not order the latter across tabs.
 */
export function createIndexedDbRecords(
  factory: IDBFactory,
  name: string,
  schedule: (delay: number, task: () => void) => () => void,
): Records {
  return {
    transact: (change) =>
      new Promise((resolve, reject) => {
        const fail = () => reject(unavailable())
        const cancel = schedule(DEADLINE, fail)
        const opening = open(factory, name)
        if (!opening) return fail()
        opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
        opening.onerror = fail
        opening.onsuccess = () => {
          const database = opening.result
          runTransaction(database, change)
            .then(resolve, reject)
            .finally(() => {
              cancel()
              database.close()
            })
        }
      }),
  }
}

// Firefox throws where others report, when storage is blocked.
function open(factory: IDBFactory, name: string): IDBOpenDBRequest | undefined {
  try {
    return factory.open(name, 1)
  } catch {
    return undefined
  }
}

function runTransaction<Result>(
  database: IDBDatabase,
  change: (records: Map<string, unknown>) => Result,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    // A database without the store is not ours to repair.
    if (!database.objectStoreNames.contains(STORE)) return reject(unavailable())
    const transaction = database.transaction(STORE, 'readwrite')
    const store = transaction.objectStore(STORE)
    const keys = store.getAllKeys()
    const values = store.getAll()
    let result: Result
    values.onsuccess = () => {
      const before = new Map(keys.result.map((key, index) => [String(key), values.result[index]]))
      const after = new Map(before)
      try {
        result = change(after)
      } catch (error) {
        reject(error)
        transaction.abort()
        return
      }
      for (const key of before.keys()) if (!after.has(key)) store.delete(key)
      for (const [key, value] of after) if (value !== before.get(key)) store.put(value, key)
    }
    transaction.oncomplete = () => resolve(result)
    transaction.onabort = () => reject(unavailable())
  })
}

function unavailable(): AuthError {
  return new AuthError('storage_unavailable', 'The browser keeps no data for this page.', {
    hint: 'Storage may be blocked, full, or switched off for sites inside of others.',
  })
}
