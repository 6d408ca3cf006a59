import type { Page } from '../browsers/page.ts'

/** Everything the page has put where it can be read later, as one text. Binary data byte for byte. */
export async function dump(tab: Page): Promise<{ text: string; keys: string[]; sealed: number }> {
  const plain = await tab.evaluate(dumpPlain)
  const database = await tab.evaluate(dumpDatabases)
  return { ...database, text: [...plain, ...database.found].join('\n') }
}

async function dumpPlain(): Promise<string[]> {
  const found = [document.cookie, window.name, JSON.stringify(history.state) ?? '']
  for (const storage of [localStorage, sessionStorage]) found.push(JSON.stringify({ ...storage }))
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    for (const request of await cache.keys()) {
      found.push(request.url, (await (await cache.match(request))?.text()) ?? '')
    }
  }
  return found
}

async function dumpDatabases(): Promise<{ found: string[]; keys: string[]; sealed: number }> {
  const [found, keys]: [string[], string[]] = [[], []]
  let sealed = 0
  const tryKey = async (key: CryptoKey) => {
    for (const format of ['raw', 'jwk', 'pkcs8', 'spki'] as const) {
      const exporting = crypto.subtle.exportKey(format, key)
      const outcome = await exporting.then(() => 'exported').catch(({ name }) => name)
      keys.push(`${key.extractable} ${outcome}`)
    }
  }
  const read = async (value: unknown): Promise<void> => {
    if (value instanceof CryptoKey) return tryKey(value)
    if (value instanceof ArrayBuffer) {
      sealed += 1
      found.push(Array.from(new Uint8Array(value), (byte) => String.fromCharCode(byte)).join(''))
    } else if (typeof value === 'object' && value) {
      for (const entry of Object.entries(value)) await Promise.all(entry.map(read))
    } else found.push(String(value))
  }
  const settled = <Value>(request: IDBRequest<Value>) =>
    new Promise<Value>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await settled(indexedDB.open(name))
    for (const store of database.objectStoreNames) {
      const all = database.transaction(store).objectStore(store)
      const contents = [settled(all.getAllKeys()), settled(all.getAll())]
      for (const content of await Promise.all(contents)) await read(content)
    }
    database.close()
  }
  return { found, keys, sealed }
}

/**
 * Each spelling in which a secret could lie about: plain, URL-encoded, hex, UTF-16, base64 at any
 * offset.
 */
export function spellings(secret: string): string[] {
  const shifted = [0, 1, 2].map((offset) => {
    const text = Buffer.from('\0'.repeat(offset) + secret).toString('base64')
    return text.slice(offset === 0 ? 0 : 4, -4).replace(/=+$/, '')
  })
  const urlSafe = shifted.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('hex'),
    [...secret].join('\0'),
    ...shifted,
    ...urlSafe,
  ]
}
