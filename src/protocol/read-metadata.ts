import { AuthError } from '../errors.js'
import type { ProviderMetadata } from '../types.js'
import { ownMembers, stringsOf, textOf } from './own-members.js'
import { parseProviderUrl } from './provider-url.js'
import { readKeySet } from './read-key-set.js'

const REQUIRED = ['authorization_endpoint', 'token_endpoint'] as const
const OPTIONAL = [
  'jwks_uri',
  'userinfo_endpoint',
  'revocation_endpoint',
  'end_session_endpoint',
  'pushed_authorization_request_endpoint',
] as const
const FLAGS = [
  'authorization_response_iss_parameter_supported',
  'require_pushed_authorization_requests',
] as const
const ASYMMETRIC = /^((RS|PS|ES)(256|384|512)|EdDSA|Ed25519)$/

/**
 * Validates a provider's metadata (RFC 8414 §3.3, OpenID Connect Discovery §4.3) and keeps what
 * this package reads, in a frozen object.
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
  const source = ownMembers(document)
  if (!source) throw invalid('is not a JSON object', 'Check the issuer: a web page was answered?')
  const issuer = textOf(source.issuer)
  if (!issuer) throw invalid('names no issuer')
  if (expectedIssuer !== undefined && issuer !== expectedIssuer) {
    throw invalid(
      'names another issuer than the one configured',
      'Both have to be identical, also in a slash at the end.',
    )
  }
  const methods = stringsOf(source.code_challenge_methods_supported)
  if (methods && !methods.includes('S256')) throw invalid('does not offer PKCE with S256')

  const metadata: Record<string, unknown> = { issuer }
  for (const name of REQUIRED) {
    if (!textOf(source[name])) throw invalid(`names no ${name}`)
    if (!parseProviderUrl(source[name], allowLoopback)) {
      throw new AuthError(
        'insecure_url',
        `The ${name} of the provider is not an absolute https: address without user info or fragment.`,
      )
    }
    metadata[name] = source[name]
  }
  for (const name of OPTIONAL) {
    if (parseProviderUrl(source[name], allowLoopback)) metadata[name] = source[name]
  }
  for (const name of FLAGS) if (source[name] === true) metadata[name] = true
  const algorithms = stringsOf(source.id_token_signing_alg_values_supported)
  metadata.id_token_signing_alg_values_supported = algorithms?.filter((name) =>
    ASYMMETRIC.test(name),
  ) ?? ['RS256']
  const dpop = stringsOf(source.dpop_signing_alg_values_supported)
  if (dpop) metadata.dpop_signing_alg_values_supported = dpop
  if (source.jwks !== undefined) metadata.jwks = readKeySet(source.jwks)
  return Object.freeze(metadata) as unknown as ProviderMetadata
}

function invalid(what: string, hint?: string): AuthError {
  return new AuthError('discovery_invalid', `The provider's metadata ${what}.`, { hint })
}
