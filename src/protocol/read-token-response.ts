import { AuthError } from '../errors.js'
import { type OwnMembers, ownMembers, textOf } from './own-members.js'
import { readFailure } from './read-failure.js'
import type { Answer } from './transport.js'

/** A token response (RFC 6749 §5.1) after its shape was checked. */
export interface TokenResponse {
  readonly access_token: string
  readonly token_type: string
  readonly expires_in?: number
  readonly refresh_token?: string
  readonly scope?: string
  readonly id_token?: string
}

const HEADER_SAFE = /^[\x21-\x7e]+$/

/**
 * Checks the shape of a token response and keeps what this package reads of it. The token type has
 * to be the one expected, in any case; a lifetime that is no sensible number counts as unknown.
 *
 * @throws {AuthError} `token_request_refused`, `provider_unavailable`, `token_response_invalid`
 */
export function readTokenResponse(answer: Answer, tokenType: 'bearer' | 'dpop'): TokenResponse {
  const body = ownMembers(answer.json)
  if (answer.status !== 200 || body?.error) throw readFailure(answer, 'token endpoint')
  if (!body) throw invalid('is not a JSON object')
  const response: Record<string, unknown> = {
    access_token: assertText(body, 'access_token'),
    token_type: assertText(body, 'token_type').toLowerCase(),
  }
  if (!HEADER_SAFE.test(response.access_token as string)) {
    throw invalid('has an access_token that no header can carry')
  }
  if (response.token_type !== tokenType) {
    throw invalid(`has another token_type than "${tokenType}"`)
  }
  for (const name of ['refresh_token', 'id_token', 'scope']) {
    // `null` and '' stand for "none" at several providers.
    if (body[name] || (body[name] !== undefined && body[name] !== null && body[name] !== '')) {
      response[name] = assertText(body, name)
    }
  }
  const lifetime = readLifetime(body.expires_in)
  if (lifetime !== undefined) response.expires_in = lifetime
  return response as unknown as TokenResponse
}

function readLifetime(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0
    ? seconds
    : undefined
}

function assertText(body: OwnMembers, name: string): string {
  const value = textOf(body[name])
  if (!value) throw invalid(`has no ${name}, or one that is not text`)
  return value
}

function invalid(what: string): AuthError {
  return new AuthError('token_response_invalid', `The token response ${what}.`)
}
