import { None, refreshTokenGrantRequest } from 'oauth4webapi'
import { AuthError } from '../errors.js'
import type { UserClaims } from '../types.js'
import { type TokenEndpoint, type TokenSet, requestTokens } from './request-tokens.js'

/**
 * Exchanges the refresh token for new tokens (RFC 6749 §6).
 *
 * An ID token in the answer has to continue the one of the sign-in: same issuer, subject, audience
 * and authentication time (OpenID Connect Core §12.2).
 *
 * @param original claims of the session's ID token, or `null` in a plain OAuth 2.0 session
 * @throws {AuthError} as {@link requestTokens}, and `user_mismatch`
 */
export async function refreshTokens(
  endpoint: TokenEndpoint,
  refreshToken: string,
  original: UserClaims | null,
  additionalParameters: URLSearchParams,
): Promise<TokenSet> {
  const tokens = await requestTokens(endpoint, { nonce: null, required: false }, (options) =>
    refreshTokenGrantRequest(
      endpoint.metadata as never,
      { client_id: endpoint.clientId },
      None(),
      refreshToken,
      { ...options, additionalParameters },
    ),
  )
  if (tokens.claims && original) assertContinuity(original, tokens.claims)
  return tokens
}

function assertContinuity(original: UserClaims, renewed: UserClaims): void {
  if (renewed.sub !== original.sub || renewed.iss !== original.iss) {
    throw new AuthError('user_mismatch', 'The renewed ID token speaks of another user.')
  }
  for (const name of ['auth_time', 'nonce']) {
    if (renewed[name] !== undefined && original[name] !== undefined) {
      if (renewed[name] !== original[name]) {
        throw new AuthError('id_token_invalid', `The renewed ID token has another "${name}".`)
      }
    }
  }
  if (renewed.nonce !== undefined && original.nonce === undefined) {
    throw new AuthError('id_token_invalid', 'The renewed ID token has another "nonce".')
  }
  if (String([renewed.aud].flat().sort()) !== String([original.aud].flat().sort())) {
    throw new AuthError('id_token_invalid', 'The renewed ID token has another "aud".')
  }
}
