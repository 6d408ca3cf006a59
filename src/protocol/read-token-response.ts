import { AuthError } from '../errors.js'
import { readFailure } from './read-failure.js'
import { membersOf } from './read-json.js'
import type { Answer } from './transport.js'

/** A token response (RFC 6749 §5.1) after its shape was checked. */
export interface TokenResponse {
  readonly access_token: string
  readonly token_type: string
  /** In seconds; `undefined` if the provider sends no sensible lifetime. */
  readonly expires_in: number | undefined
  readonly refresh_token?: string
  readonly scope?: string
  readonly id_token?: string
}

/**
 * Reads a token response: checks its shape, and leaves out members that this package does not use.
 * The token type has to be the expected one, in upper or lower case. A lifetime that is not a
 * sensible number counts as unknown.
 *
 * @throws {AuthError} `token_request_refused`, `provider_unavailable`, `token_response_invalid`
 */
export function readTokenResponse(
  answer: Answer,
  tokenType: string,
  secrets?: readonly unknown[],
): TokenResponse {
  const body = membersOf(answer.json)
  if (answer.status !== 200 || body.error) throw readFailure(answer, secrets)
  const { access_token: token, token_type: type, expires_in: lifetime } = body
  const isLifetime = typeof lifetime !== 'object' && /^\d{1,12}(\.\d+)?$/.test(String(lifetime))
  const response: { -readonly [Name in keyof TokenResponse]?: unknown } = membersOf({
    expires_in: isLifetime ? Number(lifetime) : undefined,
  })
  for (const name of [
    'access_token',
    'token_type',
    'refresh_token',
    'scope',
    'id_token',
  ] as const) {
    const value = body[name]
    // Several providers send `null` or '' if there is no value. An empty scope is one: none of what
    // was asked for was granted.
    if (value === undefined || value === null || (value === '' && name !== 'scope')) continue
    response[name] = value
    if (
      typeof value !== 'string' ||
      // The token has to fit into a header.
      (name === 'access_token' && !/^[\x21-\x7e]+$/.test(value)) ||
      (name === 'token_type' && value.toLowerCase() !== tokenType)
    ) {
      throw invalid(name, tokenType)
    }
  }
  if (!token || !type) throw invalid(token ? 'token_type' : 'access_token', tokenType)
  return response as TokenResponse
}

function invalid(name: string, tokenType: string): AuthError {
  // A provider that does not know DPoP ignores the proof (RFC 9449 §5), if CORS lets it arrive.
  const isUnbound = name === 'token_type' && tokenType === 'dpop'
  return new AuthError('token_response_invalid', `The token response has no usable ${name}.`, {
    hint: isUnbound
      ? 'The provider bound no token to the key. If it has no DPoP, leave out dpop().'
      : undefined,
  })
}
