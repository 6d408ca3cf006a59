import { AuthError } from '../errors.js'
import type { ProviderMetadata } from '../types/provider.js'
import { mayPass, readFailure } from './read-failure.js'
import { membersOf } from './read-json.js'
import { type KeySet, readKeySet, readMetadata } from './read-metadata.js'
import type { Transport } from './transport.js'

/** Returns the address of an issuer's metadata (OpenID Connect Discovery §4.1). */
export function metadataUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}

/**
 * Reads and validates a provider's metadata, and adds endpoints that it has but does not name.
 *
 * @param source the metadata itself, or the URL to read it from
 * @throws {AuthError} `discovery_invalid`, `insecure_url`, `network`, `timeout`,
 *   `provider_unavailable`
 */
export async function discoverMetadata(
  transport: Transport,
  source: ProviderMetadata | string,
  issuer: string | undefined,
  allowLoopback: boolean,
  unadvertised: Partial<ProviderMetadata> | undefined,
): Promise<ProviderMetadata> {
  const isFetched = typeof source === 'string'
  const document = membersOf(isFetched ? await getDocument(transport, source) : source)
  // If metadata was fetched, its `jwks_uri` has the current keys, and `jwks` may be old.
  const keys = isFetched && document.jwks_uri ? { jwks: undefined } : {}
  return readMetadata({ ...unadvertised, ...document, ...keys }, issuer, allowLoopback)
}

/**
 * Reads and validates a provider's key set.
 *
 * @throws {AuthError} `discovery_invalid`, `network`, `timeout`, `provider_unavailable`
 */
export async function fetchKeySet(transport: Transport, url: string): Promise<KeySet> {
  return readKeySet(await getDocument(transport, url))
}

async function getDocument(transport: Transport, url: string): Promise<unknown> {
  const answer = await transport(url, 'discovery_invalid')
  const { status, json } = answer
  if (status === 200 && json) return json
  const [place] = new URL(url).href.slice(0, 512).split('?')
  throw mayPass(status)
    ? readFailure(answer)
    : new AuthError('discovery_invalid', `${place} has no JSON object (status ${status}).`)
}
