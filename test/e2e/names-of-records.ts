import type { Page } from '../browsers/page.ts'

/** What the records of all clients of a page's origin are called, as they lie in their databases. */
export function namesOfRecords(tab: Pick<Page, 'evaluate'>): Promise<string[]> {
  return tab.evaluate(async () => {
    const found: string[] = []
    for (const { name = '' } of await indexedDB.databases()) {
      found.push(
        ...(await new Promise<string[]>((resolve) => {
          const opening = indexedDB.open(name)
          opening.onsuccess = () => {
            const keys = opening.result.transaction('records').objectStore('records').getAllKeys()
            keys.onsuccess = () => resolve(keys.result.map(String))
            opening.result.close()
          }
        })),
      )
    }
    return found
  })
}
