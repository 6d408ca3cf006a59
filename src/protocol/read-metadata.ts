import { AuthError } from '../errors.js'
import type { ProviderMetadata } from '../types/provider.js'
import { isProviderUrl } from './is-provider-url.js'
import { membersOf } from './read-json.js'

/** A provider's key set (RFC 7517 §5). Which key fits a token is decided when one is verified. */
export interface KeySet {
  readonly keys: readonly object[]
}

const ASYMMETRIC = /^((RS|PS|ES)(256|384|512)|EdDSA|Ed25519)$/

/**
 * Validates a provider's metadata (RFC 8414 §3.3, OpenID Connect Discovery §4.3).
 *
 * The issuer has to be identical to the one expected, character for character. A required endpoint
 * that is missing or not `https:` is refused; an optional one is left out. Endpoints on other hosts
 * than the issuer's are allowed: large providers have them.
 *
 * @throws {AuthError} `discovery_invalid`, `insecure_url`
 */
export function readMetadata(
  document: unknown,
  expectedIssuer: string | undefined,
  allowLoopback: boolean,
): ProviderMetadata {
  const { issuer, jwks, ...metadata } = membersOf(document) as Record<string, unknown>
  if (typeof issuer !== 'string' || issuer !== (expectedIssuer ?? issuer)) {
    throw invalid('issuer', `not exactly "${expectedIssuer ?? ''}", which the app asked for`)
  }
  for (const name of Object.keys(metadata)) {
    if (/_(endpoint|uri)$/.test(name) && !isProviderUrl(metadata[name], allowLoopback)) {
      if (/^(authorization|token)_/.test(name)) {
        throw new AuthError('insecure_url', `The ${name} of the provider is no https: URL.`)
      }
      delete metadata[name]
    }
  }
  for (const name of ['authorization_endpoint', 'token_endpoint']) {
    if (!metadata[name]) throw invalid(name, 'missing')
  }
  const methods = metadata.code_challenge_methods_supported
  if (Array.isArray(methods) && !methods.includes('S256')) {
    throw invalid('code_challenge_methods_supported', 'without S256')
  }
  const algorithms = metadata.id_token_signing_alg_values_supported
  return Object.freeze({
    ...metadata,
    issuer,
    ...(jwks ? { jwks: readKeySet(jwks) } : {}),
    id_token_signing_alg_values_supported: Array.isArray(algorithms)
      ? algorithms.filter((name) => ASYMMETRIC.test(String(name)))
      : ['RS256'],
  } as unknown as ProviderMetadata)
}

/**
 * Validates the shape of a key set.
 *
 * @throws {AuthError} `discovery_invalid`
 */
export function readKeySet(document: unknown): KeySet {
  const { keys } = membersOf(document)
  if (!Array.isArray(keys)) throw invalid('key set', 'without a list of keys')
  return { keys: keys.filter((key) => typeof key === 'object' && key && !Array.isArray(key)) }
}

function invalid(name: string, what: string): AuthError {
  return new AuthError('discovery_invalid', `The ${name} of the provider is ${what}.`)
}
