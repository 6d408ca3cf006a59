import type { Records } from './records.js'
import { type Sealed, type Vault, createVault, createVaultKey } from './vault.js'

/** Something that lasts as long as what is sealed under it shall be readable. */
export interface Marker {
  readonly read: () => string | null
  /** Makes a new one; `null` where the browser keeps none. */
  readonly create: () => string | null
}

/** A sealed record with what has to be known without opening it. */
export interface StoredRecord extends Sealed {
  readonly version: string
  readonly at: number
}

/** Content that was opened, and the version it was stored under. */
export interface Opened {
  readonly content: unknown
  readonly version: string
}

/** Records whose content cannot be read where they lie. */
export interface SealedStore {
  readonly records: Records
  readonly get: (name: string) => Promise<Opened | undefined>
  /**
   * Stores content under a name, if `guard` agrees to the records as they then are. Returns the new
   * version, or `undefined` where the guard refused.
   */
  readonly put: (
    name: string,
    content: unknown,
    guard?: (records: Map<string, unknown>) => boolean,
  ) => Promise<string | undefined>
}

interface KeyEntry {
  readonly id: string
  readonly key: CryptoKey
}

/** The name of the sealing key among the records. */
export const KEY = 'key'

/** Makes a store that seals what it is given with a key of its own, kept among the records. */
export function createSealedStore(
  records: Records,
  marker: Marker,
  now: () => number,
): SealedStore {
  let cached: { id: string; vault: Promise<Vault> } | undefined

  const vaultOf = (entry: KeyEntry, mark: string): Promise<Vault> => {
    const id = entry.id + mark
    if (cached?.id !== id) cached = { id, vault: createVault(entry.key, mark) }
    return cached.vault
  }

  const ensureKey = async (): Promise<KeyEntry> => {
    const known = await records.transact(keyEntry)
    if (known) return known
    const entry = { id: crypto.randomUUID(), key: await createVaultKey() }
    return records.transact((all) => {
      const other = keyEntry(all)
      if (!other) all.set(KEY, entry)
      return other ?? entry
    })
  }

  return {
    records,
    async get(name) {
      const [entry, stored] = await records.transact(
        (all) => [keyEntry(all), all.get(name) as StoredRecord | undefined] as const,
      )
      const mark = marker.read()
      if (!entry || !stored || mark === null) return undefined
      const content = await (await vaultOf(entry, mark)).open(name, stored)
      return content === undefined ? undefined : { content, version: stored.version }
    },
    async put(name, content, guard) {
      for (;;) {
        const entry = await ensureKey()
        const mark = marker.read() ?? marker.create() ?? ''
        const sealed = await (await vaultOf(entry, mark)).seal(name, content)
        const stored: StoredRecord = { ...sealed, version: crypto.randomUUID(), at: now() }
        const outcome = await records.transact((all) => {
          if (keyEntry(all)?.id !== entry.id) return 'key changed'
          if (guard && !guard(all)) return undefined
          all.set(name, stored)
          return stored.version
        })
        if (outcome !== 'key changed') return outcome
      }
    },
  }
}

function keyEntry(all: Map<string, unknown>): KeyEntry | undefined {
  const entry = all.get(KEY) as KeyEntry | undefined
  return entry?.key instanceof CryptoKey && entry.key.algorithm.name === 'HKDF' ? entry : undefined
}
