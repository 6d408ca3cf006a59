import { AuthError } from '../errors.js'
import { cleanText } from './clean-text.js'
import { ownMembers } from './own-members.js'
import type { Answer } from './transport.js'

const UNAVAILABLE = ['temporarily_unavailable', 'server_error', 'slow_down']

/**
 * The error that an answer of a provider's endpoint stands for: `token_request_refused` for an
 * OAuth error (RFC 6749 §5.2), `provider_unavailable` for anything that may pass.
 */
export function readFailure(answer: Answer, what: string): AuthError {
  const { status } = answer
  const body = ownMembers(answer.json)
  const providerError = cleanText(body?.error)
  const passing = status === 408 || status === 429 || status >= 500
  if (providerError && !passing && !UNAVAILABLE.includes(providerError)) {
    return new AuthError('token_request_refused', `The ${what} refused: ${providerError}.`, {
      providerError,
      providerErrorDescription: cleanText(body?.error_description),
      status,
    })
  }
  return new AuthError('provider_unavailable', `The ${what} answered with status ${status}.`, {
    status,
    providerError,
    retryable: true,
    retryAfter: readRetryAfter(answer),
  })
}

/** `Retry-After` (RFC 9110 §10.2.3) in milliseconds; nonsense counts as absent. */
function readRetryAfter(answer: Answer): number | undefined {
  const value = answer.header('retry-after')?.trim() ?? ''
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000
  const wait = Date.parse(value) - answer.receivedAt
  return wait > 0 ? wait : undefined
}
