import { AuthError } from '../errors.js'
import { cleanText, membersOf } from './read-json.js'
import type { Answer } from './transport.js'

/** Whether a status only means that the request came at a bad time, or by the wrong connection. */
export const mayPass = (status: number): boolean => /^(408|42[159]|5..)$/.test(`${status}`)

/**
 * Returns the error for an answer of a provider's endpoint: `token_request_refused` for an OAuth
 * error (RFC 6749 §5.2), for a status of 400 to 403 without a body, as Glewlwyd sends it, and for
 * 400 with JSON of another kind; `provider_unavailable` for anything else, because it may pass.
 *
 * @param secrets what the provider may repeat, and the error must not
 */
export function readFailure(
  { status, json, headers, receivedAt }: Answer,
  secrets?: readonly unknown[],
): AuthError {
  const body = membersOf(json)
  const providerError = cleanText(body.error, secrets)
  // The statuses of RFC 6749, and 200, which some providers send instead of 400. With any other,
  // such as the 404 of a gateway during a deployment, `error` has to look like a code of OAuth.
  const isOAuthStatus = /^(200|40[0-3])$/.test(`${status}`)
  const isError =
    providerError && (isOAuthStatus || /^(invalid|un(authorized|supported))_/.test(providerError))
  // A 401 or 403 with JSON of another kind is as likely to be from a gateway.
  const isBareRefusal =
    json === null ? isOAuthStatus && status > 399 : status === 400 && json !== undefined
  const isFinal =
    (isError || isBareRefusal) &&
    !/^(temporarily_unavailable|server_error|slow_down)$/.test(providerError ?? '') &&
    !mayPass(status)
  // Seconds or a date (RFC 9110 §10.2.3); anything else counts as absent.
  const after = headers.get('retry-after') ?? ''
  const date = Date.parse(/\d:\d\d:\d/.test(after) ? after : '')
  const wait = /^\d{1,9}$/.test(after) ? Number(after) * 1000 : date - receivedAt
  return new AuthError(
    isFinal ? 'token_request_refused' : 'provider_unavailable',
    `The provider refused: ${providerError ?? `status ${status}`}.`,
    {
      status,
      providerError,
      providerErrorDescription: cleanText(body.error_description, secrets),
      // A status without an OAuth error may be from a proxy.
      retryable: !isFinal || !providerError,
      // A timer with a longer delay would fire at once.
      retryAfter: wait > 0 ? Math.min(wait, 2 ** 31 - 1) : undefined,
    },
  )
}
