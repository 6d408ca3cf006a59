import { AuthError } from '../errors.js'

/**
 * Runs `change` on all records, which are few and have names, stores what it changed, and settles
 * when that is durable. The changes of one call happen together or not at all, and the order of
 * calls is the same for every tab.
 */
export type Records = <Result>(change: (all: Map<string, unknown>) => Result) => Promise<Result>

/** Records that are stored encrypted, except for times and counts. */
export interface Store {
  readonly records: Records
  /**
   * Returns the content of a record and its version, as they were before `change`, which runs in
   * the same step; `undefined` if there is no such record, or this store cannot open it.
   *
   * @throws {AuthError} `storage_unavailable` also if the browser does not give back the key
   */
  readonly get: (
    name: string,
    change?: (all: Map<string, unknown>) => void,
  ) => Promise<{ content: unknown; version: string } | undefined>
  /**
   * Stores content under a name, if `guard` agrees to the records as they are then. Returns the new
   * version, or `undefined` if the guard refused.
   */
  readonly put: (
    name: string,
    content: unknown,
    guard?: (all: Map<string, unknown>) => boolean,
  ) => Promise<string | undefined>
}

/** An encrypted record, as it is in storage. */
interface SealedRecord {
  readonly version: string
  /** When it was stored, in milliseconds since the epoch. */
  readonly at: number
  readonly iv: Uint8Array<ArrayBuffer>
  readonly data: ArrayBuffer
}

interface KeyEntry {
  readonly id: string
  readonly key: CryptoKey
}

const KEY = 'key'
/** How often to try, because the key may be gone when it is used: each sign-out deletes it. */
const TRIES = 9
const ALGORITHM = 'AES-GCM'
const encode = (text: string) => new TextEncoder().encode(text)

/**
 * Makes a store that seals content: it encrypts by AES-GCM, with a key that cannot be exported and
 * is derived from a secret among the records and a mark. When the mark is gone with the browser
 * session, what was sealed with it cannot be opened any more.
 *
 * @param mark returns the mark, or `null` if there is none; with `isToSeal`, it makes one
 */
export function createStore(records: Records, mark: (isToSeal: boolean) => string | null): Store {
  let derived: { readonly id: string; readonly key: Promise<CryptoKey> } | undefined
  /** The key that was among the records when they were last read. */
  let known: KeyEntry | undefined

  const deriveKey = ({ id, key }: KeyEntry, isToSeal: boolean): Promise<CryptoKey> => {
    const salt = mark(isToSeal)
    if (salt === null) throw new Error('Nothing of this browser session was sealed.')
    if (derived?.id !== id + salt) {
      const parameters = { name: 'HKDF', hash: 'SHA-256', salt: encode(salt), info: encode(KEY) }
      const purpose = { name: ALGORITHM, length: 256 }
      const made = crypto.subtle.deriveKey(parameters, key, purpose, false, ['encrypt', 'decrypt'])
      derived = { id: id + salt, key: made }
      // If this fails, the next call tries again.
      made.catch(() => {
        derived = undefined
      })
    }
    return derived.key
  }
  const ensureKey = async (): Promise<KeyEntry> => {
    const raw = crypto.getRandomValues(new Uint8Array(32))
    const key = await crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveKey'])
    known = await records((all) => {
      const entry = keyEntry(all) ?? { id: crypto.randomUUID(), key }
      all.set(KEY, entry)
      return entry
    })
    return known
  }
  return {
    records,
    async get(name, change) {
      const [entry, stored, hasKey] = await records((all) => {
        const found = [keyEntry(all), all.get(name)] as const
        change?.(all)
        return [...found, all.has(KEY)] as const
      })
      known = entry
      // WebKit cannot always open a key that it has stored.
      if (!entry && stored && hasKey) throw lost()
      if (!entry || !stored) return undefined
      try {
        const { iv, data, version } = stored as SealedRecord
        const cipher = { name: ALGORITHM, iv, additionalData: encode(name) }
        const text = await crypto.subtle.decrypt(cipher, await deriveKey(entry, false), data)
        return { content: JSON.parse(new TextDecoder().decode(text)), version }
      } catch {
        return undefined
      }
    },
    async put(name, content, guard = () => true) {
      try {
        const text = encode(JSON.stringify(content))
        for (let tries = 0; tries < TRIES; tries++) {
          // Each read of the records costs milliseconds: a known key is not looked up first.
          const entry = (tries === 0 && known) || (await ensureKey())
          const iv = crypto.getRandomValues(new Uint8Array(12))
          const cipher = { name: ALGORITHM, iv, additionalData: encode(name) }
          const data = await crypto.subtle.encrypt(cipher, await deriveKey(entry, true), text)
          const version = crypto.randomUUID()
          const stored = await records((all) => {
            // The key is gone, for example by a sign-out: what it sealed could not be opened again.
            if (keyEntry(all)?.id !== entry.id) return null
            // A first try that failed may have stored it all the same.
            if ((all.get(name) as SealedRecord | undefined)?.version === version) return version
            if (!guard(all)) return undefined
            all.set(name, { iv, data, version, at: Date.now() })
            return version
          })
          if (stored !== null) return stored
        }
      } catch (error) {
        if (error instanceof AuthError) throw error
      }
      throw lost()
    },
  }
}

const lost = () => new AuthError('storage_unavailable', 'The browser keeps no key for this page.')

function keyEntry(all: Map<string, unknown>): KeyEntry | undefined {
  const entry = all.get(KEY) as KeyEntry | undefined
  return entry?.key instanceof CryptoKey ? entry : undefined
}
