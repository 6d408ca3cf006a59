import { AuthError } from '../errors.js'
import type { ProviderMetadata } from '../types/provider.js'
import { isProviderUrl } from './is-provider-url.js'
import { isShallow, membersOf } from './read-json.js'

/** A provider's key set (RFC 7517 §5). A key is chosen for a token when the token is verified. */
export interface KeySet {
  readonly keys: readonly object[]
}

/** A provider's metadata before its members are checked. */
type Unchecked = { -readonly [Name in keyof ProviderMetadata]?: unknown }

const ALGORITHMS = 'id_token_signing_alg_values_supported'

/**
 * Validates a provider's metadata (RFC 8414 §3.3, OpenID Connect Discovery §4.3).
 *
 * The issuer has to be identical to the expected one, character for character. A required endpoint
 * that is missing or not `https:` is refused; an optional endpoint that is not `https:` is left
 * out. Endpoints on other hosts than the issuer's are allowed: large providers have them.
 *
 * @throws {AuthError} `discovery_invalid`, `insecure_url`
 */
export function readMetadata(
  document: unknown,
  expectedIssuer: string | undefined,
  allowLoopback: boolean,
): ProviderMetadata {
  const metadata: Unchecked = membersOf(document)
  const { issuer, jwks, code_challenge_methods_supported: methods } = metadata
  if (typeof issuer !== 'string' || issuer !== (expectedIssuer ?? issuer)) {
    // What the provider sent is only repeated if it is short and looks like an address.
    const found = typeof issuer === 'string' && /^[\w:/.~%-]{1,200}$/.test(issuer) ? issuer : 'none'
    throw invalid(
      `issuer, which has to be exactly "${expectedIssuer}"`,
      `The metadata says "${found}".`,
    )
  }
  if (![methods ?? 'S256'].flat().includes('S256')) throw invalid('PKCE with S256')
  for (const name of ['authorization_endpoint', 'token_endpoint'] as const) {
    if (!metadata[name]) throw invalid(name)
  }
  for (const name of Object.keys(metadata) as (keyof Unchecked)[]) {
    const isUsable = /_(endpoint|uri)$/.test(name)
      ? isProviderUrl(metadata[name], allowLoopback)
      : isShallow(metadata[name])
    if (isUsable) continue
    if (/^(authorization|token)_endpoint$/.test(name)) {
      throw new AuthError('insecure_url', `The ${name} of the provider is not an https: URL.`)
    }
    delete metadata[name]
  }
  if (jwks) metadata.jwks = readKeySet(jwks)
  const algorithms = metadata[ALGORITHMS]
  metadata[ALGORITHMS] = [algorithms ?? 'RS256']
    .flat()
    .filter(
      (name) => typeof name === 'string' && /^((RS|PS|ES)(256|384|512)|EdDSA|Ed25519)$/.test(name),
    )
  return Object.freeze(metadata) as ProviderMetadata
}

/**
 * Validates the shape of a key set.
 *
 * @throws {AuthError} `discovery_invalid`
 */
export function readKeySet(document: unknown): KeySet {
  const { keys } = membersOf(document)
  if (!Array.isArray(keys)) throw invalid('list of keys')
  return { keys: keys.filter((key) => key && typeof key === 'object' && !Array.isArray(key)) }
}

function invalid(what: string, hint?: string): AuthError {
  return new AuthError('discovery_invalid', `The provider has no usable ${what}.`, { hint })
}
