import { None, authorizationCodeGrantRequest } from 'oauth4webapi'
import { type TokenEndpoint, type TokenSet, requestTokens } from './request-tokens.js'

/** What redeems a code. */
export interface CodeExchange {
  /** From {@link validateAuthorizationResponse}. */
  readonly parameters: URLSearchParams
  readonly redirectUri: string
  readonly verifier: string
  readonly nonce: string
  readonly requireIdToken: boolean
  readonly maxAge?: number | undefined
  /** Further parameters, such as `resource`. */
  readonly additionalParameters: URLSearchParams
}

/**
 * Redeems an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.5). It is sent once: whatever goes
 * wrong, the user has to start again.
 *
 * @throws {AuthError} as {@link requestTokens}
 */
export function exchangeAuthorizationCode(
  endpoint: TokenEndpoint,
  exchange: CodeExchange,
): Promise<TokenSet> {
  const { nonce, requireIdToken: required, maxAge } = exchange
  return requestTokens(endpoint, { nonce, required, maxAge }, (options) =>
    authorizationCodeGrantRequest(
      endpoint.metadata as never,
      { client_id: endpoint.clientId },
      None(),
      exchange.parameters,
      exchange.redirectUri,
      exchange.verifier,
      { ...options, additionalParameters: exchange.additionalParameters },
    ),
  )
}
