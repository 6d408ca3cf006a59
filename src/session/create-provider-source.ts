import { type KeySet, readKeySet } from '../protocol/read-key-set.js'
import { readMetadata } from '../protocol/read-metadata.js'
import type { KeySource } from '../protocol/verify-id-token.js'
import type { ProviderMetadata } from '../types.js'

/** What a provider source is made of. */
export interface ProviderSourcePorts {
  readonly now: () => number
  readonly discover: () => Promise<ProviderMetadata>
  readonly fetchKeys: (metadata: ProviderMetadata) => Promise<KeySet>
  readonly load: () => Promise<{ readonly content: unknown } | undefined>
  readonly save: (content: unknown) => Promise<void>
  /** Issuer that kept metadata has to have; `undefined` accepts the one it was kept with. */
  readonly issuer: string | undefined
  readonly allowLoopback: boolean
}

/** Metadata and keys of the provider, fetched once and kept. */
export interface ProviderSource {
  readonly metadata: () => Promise<ProviderMetadata>
  readonly keysOf: (metadata: ProviderMetadata) => KeySource
}

interface Known<Value> {
  readonly value: Value
  readonly at: number
}

/** How long metadata and keys are used without asking again. */
const LIFETIME = 60 * 60_000
/** How long a key that nobody knows does not cause another request for the key set. */
const COOL_DOWN = 60_000

/** Keeps a provider's metadata and keys in memory and at rest; what was at rest is validated again. */
export function createProviderSource(ports: ProviderSourcePorts): ProviderSource {
  let metadata: Known<ProviderMetadata> | undefined
  let keys: (Known<KeySet> & { readonly uri: string | undefined }) | undefined
  let refetchedAt = Number.NEGATIVE_INFINITY
  let loading: Promise<void> | undefined
  const flights = new Map<string, Promise<unknown>>()

  const isFresh = (known: Known<unknown> | undefined) =>
    known !== undefined && Math.abs(ports.now() - known.at) < LIFETIME

  /** One request at a time for the same thing; a failure is not kept. */
  const once = <Value>(name: string, run: () => Promise<Value>): Promise<Value> => {
    const flight = flights.get(name) ?? run().finally(() => flights.delete(name))
    flights.set(name, flight)
    return flight as Promise<Value>
  }

  const load = async () => {
    try {
      const kept = (await ports.load())?.content as
        | { metadata?: Known<unknown>; keys?: Known<unknown> & { uri?: string } }
        | undefined
      if (kept?.metadata) {
        const value = readMetadata(kept.metadata.value, ports.issuer, ports.allowLoopback)
        metadata ??= { value, at: Number(kept.metadata.at) }
      }
      if (kept?.keys) {
        keys ??= { value: readKeySet(kept.keys.value), at: Number(kept.keys.at), uri: kept.keys.uri }
      }
    } catch {
      // What is at rest is a convenience: without it everything is asked for anew.
    }
  }
  const save = () => void ports.save({ metadata, keys }).catch(() => undefined)

  const fetchKeys = (source: ProviderMetadata) =>
    once('keys', async () => {
      const value = await ports.fetchKeys(source)
      keys = { value, at: ports.now(), uri: source.jwks_uri }
      save()
      return value
    })

  return {
    metadata: () =>
      once('metadata', async () => {
        loading ??= load()
        await loading
        if (metadata && isFresh(metadata)) return metadata.value
        metadata = { value: await ports.discover(), at: ports.now() }
        save()
        return metadata.value
      }),
    keysOf: (source) => async (fresh) => {
      loading ??= load()
      await loading
      if (!fresh && keys && isFresh(keys) && keys.uri === source.jwks_uri) return keys.value
      if (fresh) {
        if (ports.now() - refetchedAt < COOL_DOWN) return undefined
        refetchedAt = ports.now()
      }
      return fetchKeys(source)
    },
  }
}
