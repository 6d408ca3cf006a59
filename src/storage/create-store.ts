/**
 * A handful of records under names. All changes of one call happen together or not at all, and in
 * an order that every tab agrees on: runs `change` on all records, keeps what it changed, and
 * settles when that is durable.
 */
export type Records = <Result>(change: (all: Map<string, unknown>) => Result) => Promise<Result>

/** Records whose content cannot be read where they lie, but for times and counts. */
export interface Store {
  readonly records: Records
  /** The content of a record and its version, or `undefined` where it is not of our sealing. */
  readonly get: (name: string) => Promise<{ content: unknown; version: string } | undefined>
  /**
   * Stores content under a name, if `guard` agrees to the records as they then are. Returns the new
   * version, or `undefined` where the guard refused.
   */
  readonly put: (
    name: string,
    content: unknown,
    guard?: (all: Map<string, unknown>) => boolean,
  ) => Promise<string | undefined>
}

/** A sealed record, as it lies in storage. */
interface SealedRecord {
  readonly version: string
  /** When it was stored, in milliseconds since the epoch. */
  readonly at: number
  readonly iv: Uint8Array<ArrayBuffer>
  readonly data: ArrayBuffer
}

const KEY = 'key'
const ALGORITHM = 'AES-GCM'
const encode = (text: string) => new TextEncoder().encode(text)

/**
 * Makes a store that seals what it is given, by AES-GCM with a key that cannot be exported, derived
 * from a secret among the records and a mark: when the mark is gone with the browser session, what
 * was sealed under it stays closed.
 */
export function createStore(records: Records, mark: () => string): Store {
  const cipher = async (name: string, iv: Uint8Array<ArrayBuffer>) => {
    const raw = crypto.getRandomValues(new Uint8Array(32))
    const fresh = await crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveKey'])
    const secret = await records((all) => {
      if (!(all.get(KEY) instanceof CryptoKey)) all.set(KEY, fresh)
      return all.get(KEY) as CryptoKey
    })
    const [salt, info] = [encode(mark()), encode('tessera-auth')]
    const key = await crypto.subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt, info },
      secret,
      { name: ALGORITHM, length: 256 },
      false,
      ['encrypt', 'decrypt'],
    )
    return [{ name: ALGORITHM, iv, additionalData: encode(name) }, key] as const
  }
  return {
    records,
    async get(name) {
      const stored = (await records((all) => all.get(name))) as SealedRecord | undefined
      if (!stored) return undefined
      try {
        const { iv, data, version } = stored
        const text = await crypto.subtle.decrypt(...(await cipher(name, iv)), data)
        return { content: JSON.parse(new TextDecoder().decode(text)), version }
      } catch {
        return undefined
      }
    },
    async put(name, content, guard = () => true) {
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const text = encode(JSON.stringify(content))
      const data = await crypto.subtle.encrypt(...(await cipher(name, iv)), text)
      const version = crypto.randomUUID()
      return records((all) => {
        if (!guard(all)) return undefined
        all.set(name, { iv, data, version, at: Date.now() })
        return version
      })
    },
  }
}
