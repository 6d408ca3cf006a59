import { AuthError } from '../errors.js'
import type { TokenBinding } from '../types/capabilities.js'
import type { AuthorizationDetail, ProviderMetadata, UserClaims } from '../types/provider.js'
import { isShallow, membersOf } from './read-json.js'
import { readTokenResponse } from './read-token-response.js'
import { sendBound } from './send-bound.js'
import type { Transport } from './transport.js'
import { type ExpectedIdToken, type KeySource, verifyIdToken } from './verify-id-token.js'

/** The dependencies of a request to the token endpoint. */
export interface TokenEndpoint {
  readonly metadata: ProviderMetadata
  readonly clientId: string
  readonly transport: Transport
  readonly keys: KeySource
  readonly binding: TokenBinding | undefined
  /** What the provider may repeat besides the grant. */
  readonly secrets?: readonly unknown[]
}

/** Tokens that passed every check. */
export interface TokenSet {
  readonly accessToken: string
  readonly tokenType: 'Bearer' | 'DPoP'
  /** The granted scopes, or the requested ones if the provider names none. */
  readonly scope: readonly string[]
  /** The granted details (RFC 9396 §7), without those that have no `type`. */
  readonly authorizationDetails: readonly AuthorizationDetail[]
  /** When the answer began, by this device's clock, in milliseconds since the epoch. */
  readonly receivedAt: number
  /** When the access token expires, counted from `receivedAt`; `null` if that is unknown. */
  readonly expiresAt: number | null
  readonly refreshToken: string | undefined
  readonly idToken: string | undefined
  readonly claims: UserClaims | null
}

/**
 * Sends a grant to the token endpoint as a public client (RFC 6749 §3.2), and verifies everything
 * in the answer. After a failure, the grant is not sent again, except with a new proof of
 * possession if the provider refused one (RFC 9449).
 *
 * @param asked the requested scopes
 * @param keep stores the refresh token of an answer before its ID token is verified: the refresh token
 *   before it is used up
 * @throws {AuthError} `network`, `timeout`, `provider_unavailable`, `token_request_refused`,
 *   `token_response_invalid`, `id_token_invalid`, `clock_skew`, `discovery_invalid`, and with a
 *   binding `dpop`
 */
export async function requestTokens(
  endpoint: TokenEndpoint,
  grant: Readonly<Record<string, string>>,
  asked: readonly string[],
  expected: ExpectedIdToken,
  keep?: (refreshToken: string | undefined) => Promise<void>,
): Promise<TokenSet> {
  const { metadata, clientId, keys, binding } = endpoint
  const body = new URLSearchParams({ ...grant, client_id: clientId })
  const answer = await sendBound(endpoint, metadata.token_endpoint, 'token_response_invalid', body)
  const { code, code_verifier: verifier, refresh_token: refreshToken, password } = grant
  const members = membersOf(answer.json)
  const given = [members.access_token, members.refresh_token, members.id_token]
  const sent = [code, verifier, refreshToken, password, expected.nonce]
  const secrets = [...sent, ...given, ...(endpoint.secrets ?? [])]
  const tokens = readTokenResponse(answer, binding ? 'dpop' : 'bearer', secrets)
  const { id_token: idToken, expires_in: lifetime, scope } = tokens
  if (!idToken && expected.nonce && asked.includes('openid')) {
    throw new AuthError('token_response_invalid', 'The token response has no usable id_token.', {
      hint: 'The app asked for "openid": is it registered for OpenID Connect?',
    })
  }
  const { receivedAt } = answer
  const verify = async (): Promise<UserClaims> => {
    // Verifying may have to fetch the keys: a page that is closed meanwhile must not lose it.
    await keep?.(tokens.refresh_token)
    return verifyIdToken(tokens, metadata, clientId, keys, expected, receivedAt)
  }
  const set: TokenSet = {
    accessToken: tokens.access_token,
    tokenType: binding ? 'DPoP' : 'Bearer',
    // CyberArk appends `openid` to what was asked for, whether it is in there or not.
    scope: scope === undefined ? asked : [...new Set(scope.split(' ').filter(Boolean))],
    authorizationDetails: [members.authorization_details].flat().filter(isDetail),
    receivedAt,
    expiresAt: lifetime === undefined ? null : receivedAt + lifetime * 1000,
    refreshToken: tokens.refresh_token,
    idToken,
    claims: idToken ? await verify() : null,
  }
  // The set is stored and shown as JSON, and deep nesting would overflow the stack.
  if (!isShallow(set)) {
    throw new AuthError('token_response_invalid', 'The token response is nested too deeply.')
  }
  return set
}

const isDetail = (value: unknown): value is AuthorizationDetail =>
  typeof (value as AuthorizationDetail | null)?.type === 'string'
