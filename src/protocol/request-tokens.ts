import {
  allowInsecureRequests,
  clockTolerance,
  customFetch,
  getValidatedIdTokenClaims,
  processAuthorizationCodeResponse,
  processRefreshTokenResponse,
  skipAuthTimeCheck,
} from 'oauth4webapi'
import { AuthError } from '../errors.js'
import type { ProviderMetadata, UserClaims } from '../types.js'
import { type TokenResponse, readTokenResponse } from './read-token-response.js'
import type { Answer, Transport } from './transport.js'
import {
  type KeySource,
  assertCompactJws,
  checkClaims,
  checkMaxAge,
  verifySignature,
} from './verify-id-token.js'

/** What every request to the token endpoint needs. */
export interface TokenEndpoint {
  readonly metadata: ProviderMetadata
  readonly clientId: string
  readonly transport: Transport
  readonly keys: KeySource
}

/** Options that let oauth4webapi send its request through a {@link Transport}. */
export interface RequestOptions {
  readonly [customFetch]: (
    url: string,
    init: { method: string; headers: Record<string, string>; body?: unknown },
  ) => Promise<Response>
  readonly [allowInsecureRequests]: boolean
  readonly additionalParameters?: URLSearchParams
}

/** What is known of the user before an ID token arrives. */
export interface ExpectedIdToken {
  /** The nonce of the sign-in; `null` for a renewal, where none is required. */
  readonly nonce: string | null
  /** Whether a response without an ID token is refused. */
  readonly required: boolean
  /** The `max_age` that was asked for, in seconds. */
  readonly maxAge?: number | undefined
}

/** Tokens that passed every check. */
export interface TokenSet {
  readonly accessToken: string
  readonly tokenType: 'Bearer' | 'DPoP'
  /** By this device's clock, in milliseconds since the epoch. */
  readonly receivedAt: number
  /** Lifetime in seconds, or `null` where the provider names none. */
  readonly expiresIn: number | null
  /** The granted scopes, or `null` where the provider names none: those asked for. */
  readonly scope: readonly string[] | null
  readonly refreshToken: string | null
  readonly idToken: string | null
  readonly claims: UserClaims | null
  /** How far the provider's clock is ahead of this device's, in milliseconds. */
  readonly clockOffset: number
}

/**
 * Sends a request to the token endpoint and verifies everything in its answer.
 *
 * @throws {AuthError} `network`, `timeout`, `provider_unavailable`, `token_request_refused`,
 *   `token_response_invalid`, `id_token_invalid`, `clock_skew`, `discovery_invalid`
 */
export async function requestTokens(
  endpoint: TokenEndpoint,
  expected: ExpectedIdToken,
  send: (options: RequestOptions) => Promise<Response>,
): Promise<TokenSet> {
  let answer: Answer | undefined
  await send({
    // The metadata was validated: what is not https: in it is loopback, asked for by the app.
    [allowInsecureRequests]: true,
    [customFetch]: async (url, { headers, body }) => {
      answer = await endpoint.transport(url, {
        method: 'POST',
        headers,
        body: body as URLSearchParams,
        tooLarge: 'token_response_invalid',
      })
      return new Response()
    },
  })
  const { receivedAt } = answer as unknown as Answer
  const tokens = readTokenResponse(answer as unknown as Answer, 'bearer')
  if (!tokens.id_token && expected.required) {
    throw new AuthError('token_response_invalid', 'The token response has no id_token.', {
      hint: 'The app asked for "openid": is this client an OpenID Connect one?',
    })
  }
  const identity = tokens.id_token
    ? await verifyIdToken(endpoint, expected, tokens, receivedAt)
    : { claims: null, clockOffset: 0 }
  return {
    accessToken: tokens.access_token,
    tokenType: 'Bearer',
    receivedAt,
    expiresIn: tokens.expires_in ?? null,
    scope: tokens.scope?.split(' ').filter(Boolean) ?? null,
    refreshToken: tokens.refresh_token ?? null,
    idToken: tokens.id_token ?? null,
    ...identity,
  }
}

async function verifyIdToken(
  { metadata, clientId, keys }: TokenEndpoint,
  { nonce, maxAge }: ExpectedIdToken,
  tokens: TokenResponse,
  receivedAt: number,
): Promise<{ claims: UserClaims; clockOffset: number }> {
  const idToken = tokens.id_token as string
  assertCompactJws(idToken)
  // Times are checked by checkClaims(), with the offset of the clocks.
  const client = { client_id: clientId, [clockTolerance]: Number.MAX_SAFE_INTEGER }
  const response = Response.json(tokens)
  const as = metadata as never
  let claims: UserClaims
  try {
    const result =
      nonce === null
        ? await processRefreshTokenResponse(as, client, response)
        : await processAuthorizationCodeResponse(as, client, response, {
            expectedNonce: nonce,
            maxAge: skipAuthTimeCheck,
          })
    claims = getValidatedIdTokenClaims(result) as unknown as UserClaims
  } catch (error) {
    throw new AuthError('id_token_invalid', `The ID token was refused: ${(error as Error).message}.`)
  }
  const clockOffset = checkClaims(claims, clientId, receivedAt)
  if (maxAge !== undefined) checkMaxAge(claims, maxAge, receivedAt + clockOffset)
  await verifySignature(response, idToken, claims, tokens.access_token, metadata, keys)
  return { claims, clockOffset }
}
