import { AuthError } from '../errors.js'
import { cleanText, membersOf } from './read-json.js'
import type { Answer } from './transport.js'

/** Whether an answer of this status says nothing but that it came at a bad time. */
export const mayPass = (status: number): boolean => /^(408|429|5..)$/.test(`${status}`)

/**
 * The error that an answer of a provider's endpoint stands for: `token_request_refused` for an
 * OAuth error (RFC 6749 §5.2), for a status of 400 to 403 without a body, as Glewlwyd sends it, and
 * for 400 with JSON of another kind; `provider_unavailable` for anything that may pass.
 */
export function readFailure({ status, json, headers, receivedAt }: Answer): AuthError {
  const body = membersOf(json)
  const providerError = cleanText(body.error)
  // Those that RFC 6749 knows, and 400 that some send with 200. With any other, such as the 404 of a
  // gateway whose provider is being deployed, only what looks like an OAuth error is one.
  const isOAuthStatus = /^(200|40[0-3])$/.test(`${status}`)
  const isError =
    providerError && (isOAuthStatus || /^(invalid|un(authorized|supported))_/.test(providerError))
  // With JSON of its own, 401 and 403 are a gateway's as likely.
  const isBareRefusal =
    json === null ? isOAuthStatus && status > 399 : status === 400 && json !== undefined
  const isFinal =
    (isError || isBareRefusal) &&
    !/^(temporarily_unavailable|server_error|slow_down)$/.test(providerError ?? '') &&
    !mayPass(status)
  // RFC 9110 §10.2.3: seconds or a date; nonsense counts as absent.
  const after = headers.get('retry-after') ?? ''
  const date = Date.parse(/\d:\d\d:\d/.test(after) ? after : '')
  const wait = /^\d{1,9}$/.test(after) ? Number(after) * 1000 : date - receivedAt
  return new AuthError(
    isFinal ? 'token_request_refused' : 'provider_unavailable',
    `The provider refused: ${providerError ?? `status ${status}`}.`,
    {
      status,
      providerError,
      providerErrorDescription: cleanText(body.error_description),
      // A bare status may be a proxy's.
      retryable: !isFinal || !providerError,
      // More than a timer can wait for would fire at once.
      retryAfter: wait > 0 ? Math.min(wait, 2 ** 31 - 1) : undefined,
    },
  )
}
