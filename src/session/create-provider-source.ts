import { type KeySet, readKeySet, readMetadata } from '../protocol/read-metadata.js'
import type { KeySource } from '../protocol/verify-id-token.js'
import type { ProviderMetadata } from '../types/provider.js'

/** What a provider source is made of. */
export interface ProviderSourcePorts {
  /** Where the metadata is; `undefined` if the app gave it. */
  readonly address: string | undefined
  readonly discover: () => Promise<ProviderMetadata>
  readonly fetchKeys: (address: string) => Promise<KeySet>
  readonly load: () => Promise<unknown>
  readonly save: (content: unknown) => Promise<unknown>
  /** The issuer that stored metadata must have; `undefined` accepts any. */
  readonly issuer: string | undefined
  readonly allowLoopback: boolean
}

/** Metadata and keys of the provider, fetched once and kept. */
export interface ProviderSource {
  readonly metadata: () => Promise<ProviderMetadata>
  readonly keysOf: (metadata: ProviderMetadata) => KeySource
  /** Drops everything that is kept, because it may be why a sign-in failed. */
  readonly forgetProvider: () => void
}

interface Kept {
  readonly value: unknown
  readonly at: number
}

/** How long metadata and keys are used without asking again, in milliseconds. */
const LIFETIME = 60 * 60_000
/** How long an unknown key causes no further request for the key set, in milliseconds. */
const COOL_DOWN = 60_000
const isYounger = (at: number | undefined, age: number) => Math.abs(Date.now() - (at ?? 0)) < age

/**
 * Keeps a provider's metadata and keys in memory and in storage. What comes from storage is validated
 * again.
 */
export function createProviderSource(ports: ProviderSourcePorts): ProviderSource {
  let kept: { readonly [from: string]: Kept } = {}
  const flights: { [from: string]: Promise<unknown> | undefined } = {}
  let refetchedAt = 0
  let loading: Promise<void> | undefined

  const load = () => {
    const own: Promise<void> = ports.load().then(
      (content) => {
        // Unless it was dropped while it was being read.
        if (loading === own) kept = { ...(content as typeof kept), ...kept }
      },
      // Without storage, everything is fetched again.
      () => {},
    )
    return own
  }
  const get = async <Value>(
    from: string,
    read: (value: unknown) => Value,
    fetch: () => Promise<Value>,
    fresh = false,
  ): Promise<Value> => {
    loading ??= load()
    await loading
    const known = kept[from]
    try {
      if (!fresh && known && isYounger(known.at, LIFETIME)) return read(known.value)
    } catch {}
    // One request at a time for the same address; a failure is not kept.
    flights[from] ??= fetch()
      .then((value) => {
        kept = { ...kept, [from]: { value, at: Date.now() } }
        ports.save(kept).catch(() => {})
        return value
      })
      .finally(() => {
        delete flights[from]
      })
    return flights[from] as Promise<Value>
  }
  return {
    metadata: () =>
      ports.address
        ? get(
            ports.address,
            (value) => readMetadata(value, ports.issuer, ports.allowLoopback),
            ports.discover,
          )
        : ports.discover(),
    forgetProvider() {
      kept = {}
      loading = Promise.resolve()
      ports.save(kept).catch(() => {})
    },
    keysOf: (metadata) => async (fresh) => {
      const { jwks, jwks_uri: address } = metadata
      // Keys that the app gives, or gives no longer, are never cached.
      if (jwks || !address) return fresh ? undefined : readKeySet(jwks)
      if (fresh && isYounger(refetchedAt, COOL_DOWN)) return undefined
      const before = kept[address]?.value
      const found = await get(address, readKeySet, () => ports.fetchKeys(address), fresh)
      // A request that fails, or finds other keys, does not count: the next unknown key may be new, too.
      if (fresh && JSON.stringify(found) === JSON.stringify(before)) refetchedAt = Date.now()
      return found
    },
  }
}
