import { AuthError } from '../errors.js'
import type { Records } from './records.js'

const STORE = 'records'
/** Opening can hang: behind a delete that another tab holds up, and on an old WebKit bug. */
const DEADLINE = 3_000

/**
 * Records in an IndexedDB database of their own. It is opened for each call and closed again, so
 * that an idle page stays eligible for the back/forward cache and deleting the database never waits.
 *
 * IndexedDB and not `localStorage`, because a Web Lock does not order the latter across tabs.
 *
 * @throws {AuthError} `storage_unavailable`
 */
export function createIndexedDbRecords(name: string): Records {
  return (change) =>
    new Promise((resolve, reject) => {
      const fail = () =>
        reject(new AuthError('storage_unavailable', 'The browser keeps no data for this page.'))
      const timer = setTimeout(fail, DEADLINE)
      try {
        const opening = indexedDB.open(name, 1)
        opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
        opening.onerror = fail
        opening.onsuccess = () => {
          try {
            run(opening.result)
          } catch {
            fail()
          }
        }
      } catch {
        // Firefox throws where others report, when storage is blocked.
        fail()
      }

      function run(database: IDBDatabase): void {
        const transaction = database.transaction(STORE, 'readwrite')
        const store = transaction.objectStore(STORE)
        const keys = store.getAllKeys()
        const values = store.getAll()
        values.onsuccess = () => {
          const before = new Map(keys.result.map((key, at) => [String(key), values.result[at]]))
          const after = new Map(before)
          const result = change(after)
          for (const key of before.keys()) if (!after.has(key)) store.delete(key)
          for (const [key, value] of after) if (value !== before.get(key)) store.put(value, key)
          transaction.oncomplete = () => {
            clearTimeout(timer)
            resolve(result)
          }
        }
        transaction.onabort = fail
        database.close()
      }
    })
}
