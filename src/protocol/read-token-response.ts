import { AuthError } from '../errors.js'
import { readFailure } from './read-failure.js'
import { membersOf } from './read-json.js'
import type { Answer } from './transport.js'

/** A token response (RFC 6749 §5.1) after its shape was checked. */
export interface TokenResponse {
  readonly access_token: string
  readonly token_type: string
  readonly expires_in: number | null
  readonly refresh_token?: string
  readonly scope?: string
  readonly id_token?: string
}

/**
 * Checks the shape of a token response and keeps what this package reads of it. The token type has
 * to be the one expected, in any case; a lifetime that is no sensible number counts as unknown.
 *
 * @throws {AuthError} `token_request_refused`, `provider_unavailable`, `token_response_invalid`
 */
export function readTokenResponse(answer: Answer, tokenType: string): TokenResponse {
  const body = membersOf(answer.json)
  if (answer.status !== 200 || body.error) throw readFailure(answer)
  const response: Record<string, unknown> = {}
  for (const name of ['access_token', 'token_type', 'refresh_token', 'scope', 'id_token']) {
    const value = body[name]
    // `null` and '' stand for "none" at several providers.
    if (value === undefined || value === null || value === '') continue
    if (typeof value !== 'string') throw invalid(name)
    response[name] = value
  }
  const { access_token: token, token_type: type = '' } = response as Partial<TokenResponse>
  if (!/^[\x21-\x7e]+$/.test(token ?? '')) throw invalid('access_token')
  if (type.toLowerCase() !== tokenType) throw invalid('token_type')
  const lifetime = body.expires_in
  const seconds =
    typeof lifetime === 'string' && /^\d{1,15}$/.test(lifetime) ? Number(lifetime) : lifetime
  const known = Number.isFinite(seconds) && (seconds as number) >= 0
  return { ...response, expires_in: known ? seconds : null } as unknown as TokenResponse
}

function invalid(name: string): AuthError {
  return new AuthError('token_response_invalid', `The token response has no usable ${name}.`)
}
