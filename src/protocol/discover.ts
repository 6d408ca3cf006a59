import { AuthError } from '../errors.js'
import type { ProviderMetadata } from '../types.js'
import { ownMembers } from './own-members.js'
import { readFailure } from './read-failure.js'
import { type KeySet, readKeySet } from './read-key-set.js'
import { readMetadata } from './read-metadata.js'
import type { Transport } from './transport.js'

const HALF_MEBIBYTE = 2 ** 19

/** Where the metadata of an issuer is (OpenID Connect Discovery §4.1). */
export function metadataUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}

/**
 * Reads and validates a provider's metadata, completed by endpoints that it has but does not name.
 *
 * @throws {AuthError} `discovery_invalid`, `insecure_url`, `network`, `timeout`,
 *   `provider_unavailable`
 */
export async function discoverMetadata(
  transport: Transport,
  url: string,
  issuer: string | undefined,
  allowLoopback: boolean,
  unadvertised: Partial<ProviderMetadata> = {},
): Promise<ProviderMetadata> {
  const document = await getDocument(transport, url, 'metadata')
  const completed = ownMembers(document) ? { ...unadvertised, ...(document as object) } : document
  return readMetadata(completed, issuer, allowLoopback)
}

/**
 * Reads and validates a provider's key set.
 *
 * @throws {AuthError} `discovery_invalid`, `network`, `timeout`, `provider_unavailable`
 */
export async function fetchKeySet(
  transport: Transport,
  metadata: ProviderMetadata,
): Promise<KeySet> {
  if (metadata.jwks) return metadata.jwks as KeySet
  if (!metadata.jwks_uri) {
    throw new AuthError('discovery_invalid', "The provider's metadata names no usable jwks_uri.")
  }
  return readKeySet(await getDocument(transport, metadata.jwks_uri, 'key set'))
}

async function getDocument(transport: Transport, url: string, what: string): Promise<unknown> {
  const answer = await transport(url, { limit: HALF_MEBIBYTE, tooLarge: 'discovery_invalid' })
  if (answer.status === 200 && answer.json !== undefined) return answer.json
  const failure = readFailure(answer, `address of the provider's ${what}`)
  if (answer.status === 429 || answer.status >= 500) throw failure
  throw new AuthError(
    'discovery_invalid',
    `The address of the provider's ${what} answered with status ${answer.status} and no JSON object.`,
    { status: answer.status },
  )
}
