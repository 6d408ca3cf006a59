import { type KeySet, readKeySet, readMetadata } from '../protocol/read-metadata.js'
import type { KeySource } from '../protocol/verify-id-token.js'
import type { ProviderMetadata } from '../types/provider.js'

/** What a provider source is made of. */
export interface ProviderSourcePorts {
  readonly discover: () => Promise<ProviderMetadata>
  readonly fetchKeys: (metadata: ProviderMetadata) => Promise<KeySet>
  readonly load: () => Promise<unknown>
  readonly save: (content: unknown) => Promise<unknown>
  /** The issuer that kept metadata has to have; `undefined` accepts any. */
  readonly issuer: string | undefined
  readonly allowLoopback: boolean
}

/** Metadata and keys of the provider, fetched once and kept. */
export interface ProviderSource {
  readonly metadata: () => Promise<ProviderMetadata>
  readonly keysOf: (metadata: ProviderMetadata) => KeySource
}

/** Metadata or keys, where they are from, and when they were fetched. */
interface Kept<Value> {
  readonly value: Value
  readonly from: string
  readonly at: number
}

/** How long metadata and keys are used without asking again. */
const LIFETIME = 60 * 60_000
/** How long a key that nobody knows does not cause another request for the key set. */
const COOL_DOWN = 60_000

/** Keeps a provider's metadata and keys in memory and at rest; what was at rest is validated again. */
export function createProviderSource(ports: ProviderSourcePorts): ProviderSource {
  const kept: { metadata?: Kept<ProviderMetadata>; keys?: Kept<KeySet> } = {}
  const flights: { [name: string]: Promise<unknown> | undefined } = {}
  let refetchedAt = Number.NEGATIVE_INFINITY

  /** One run at a time for the same thing; a failure is not kept. */
  const once = <Value>(name: string, run: () => Promise<Value>): Promise<Value> => {
    flights[name] ??= run().finally(() => {
      delete flights[name]
    })
    return flights[name] as Promise<Value>
  }
  const loaded = (): Promise<void> => {
    flights.load ??= ports
      .load()
      .then((content) => {
        const { metadata, keys } = content as Required<typeof kept>
        const { issuer, allowLoopback } = ports
        kept.metadata ??= {
          ...metadata,
          value: readMetadata(metadata.value, issuer, allowLoopback),
        }
        kept.keys ??= { ...keys, value: readKeySet(keys.value) }
      })
      // What is at rest is a convenience: without it everything is asked for anew.
      .catch(() => {})
    return flights.load as Promise<void>
  }
  const get = async <Name extends 'metadata' | 'keys'>(
    name: Name,
    from: string,
    fetch: () => Promise<NonNullable<(typeof kept)[Name]>['value']>,
    fresh: boolean,
  ) => {
    await loaded()
    const known = kept[name]
    const usable = known?.from === from && Math.abs(Date.now() - known.at) < LIFETIME
    if (usable && !fresh) return known.value as never
    return once(name, async () => {
      const value = await fetch()
      Object.assign(kept, { [name]: { value, from, at: Date.now() } })
      ports.save(kept).catch(() => {})
      return value
    })
  }
  return {
    metadata: () => get('metadata', '', ports.discover, false),
    keysOf: (metadata) => async (fresh) => {
      if (fresh && Math.abs(Date.now() - refetchedAt) < COOL_DOWN) return undefined
      if (fresh) refetchedAt = Date.now()
      const from = metadata.jwks_uri ?? ''
      return get('keys', from, () => ports.fetchKeys(metadata), fresh)
    },
  }
}
