import type { Records } from './records.js'

/** Something that lasts as long as what is sealed under it shall be readable. */
export interface Marker {
  readonly read: () => string | null
  /** Makes one where there is none. */
  readonly create: () => string
}

/** A sealed record, as it lies in storage: nothing of its content can be read from it. */
export interface SealedRecord {
  readonly version: string
  /** When it was stored, in milliseconds since the epoch. */
  readonly at: number
  readonly iv: Uint8Array<ArrayBuffer>
  readonly data: ArrayBuffer
}

/** Records whose content cannot be read where they lie. */
export interface SealedStore {
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

interface KeyEntry {
  readonly id: string
  readonly key: CryptoKey
}

/** The name of the sealing key among the records. */
const KEY = 'key'
const ALGORITHM = 'AES-GCM'
const encode = (text: string) => new TextEncoder().encode(text)

/**
 * Makes a store that seals what it is given, by AES-GCM with a key that cannot be exported and that
 * is derived from a secret among the records and the marker: when the marker is gone with the
 * browser session, what was sealed under it stays closed.
 */
export function createSealedStore(records: Records, marker: Marker): SealedStore {
  let derived: { id: string; key: Promise<CryptoKey> } | undefined

  const deriveKey = ({ id, key }: KeyEntry, mark: string): Promise<CryptoKey> => {
    if (derived?.id !== id + mark) {
      const salt = encode(mark)
      const parameters = { name: 'HKDF', hash: 'SHA-256', salt, info: encode('tessera-auth') }
      const purpose = { name: ALGORITHM, length: 256 }
      derived = {
        id: id + mark,
        key: crypto.subtle.deriveKey(parameters, key, purpose, false, ['encrypt', 'decrypt']),
      }
    }
    return derived.key
  }
  const ensureKey = async (): Promise<KeyEntry> => {
    const secret = crypto.getRandomValues(new Uint8Array(32))
    const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
    return records((all) => {
      const entry = keyEntry(all) ?? { id: crypto.randomUUID(), key }
      all.set(KEY, entry)
      return entry
    })
  }

  return {
    records,
    async get(name) {
      const [entry, stored] = await records((all) => [keyEntry(all), all.get(name)] as const)
      const mark = marker.read()
      if (!entry || !stored || mark === null) return undefined
      try {
        const { iv, data, version } = stored as SealedRecord
        const key = await deriveKey(entry, mark)
        const cipher = { name: ALGORITHM, iv, additionalData: encode(name) }
        const text = await crypto.subtle.decrypt(cipher, key, data)
        return { content: JSON.parse(new TextDecoder().decode(text)), version }
      } catch {
        return undefined
      }
    },
    async put(name, content, guard = () => true) {
      const key = await deriveKey(await ensureKey(), marker.create())
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const cipher = { name: ALGORITHM, iv, additionalData: encode(name) }
      const data = await crypto.subtle.encrypt(cipher, key, encode(JSON.stringify(content)))
      const version = crypto.randomUUID()
      return records((all) => {
        if (!guard(all)) return undefined
        all.set(name, { iv, data, version, at: Date.now() })
        return version
      })
    },
  }
}

function keyEntry(all: Map<string, unknown>): KeyEntry | undefined {
  const entry = all.get(KEY) as KeyEntry | undefined
  return entry?.key instanceof CryptoKey ? entry : undefined
}
