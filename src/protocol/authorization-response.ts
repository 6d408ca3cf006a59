import { AuthError } from '../errors.js'
import type { ProviderMetadata } from '../types/provider.js'
import { cleanText } from './read-json.js'

/** Parameters that a provider puts on the callback address, in any response mode. */
export const RESPONSE_PARAMETERS: readonly string[] =
  'code state iss error error_description error_uri session_state response id_token access_token token_type expires_in scope'.split(
    ' ',
  )

/**
 * Checks what can be checked of an authorization response before its transaction is known: each
 * parameter once (RFC 6749 §3.1), a state, and no token in it. Returns the state.
 *
 * @throws {AuthError} `callback_state`, `callback_invalid`
 */
export function readResponseState(parameters: URLSearchParams): string {
  const state = parameters.get('state')
  if (!state || parameters.getAll('state').length > 1) {
    throw new AuthError('callback_state', 'The callback has no state, or several.')
  }
  for (const name of RESPONSE_PARAMETERS) {
    if (parameters.getAll(name).length > 1) throw invalid(`several "${name}"`)
  }
  for (const name of ['response', 'id_token', 'access_token']) {
    if (parameters.has(name)) throw invalid(`a "${name}", which nobody asked for`)
  }
  return state
}

/**
 * Validates an authorization response against the provider that was asked: issuer (RFC 9207 §2.4),
 * then error, then code. Returns the code.
 *
 * @throws {AuthError} `callback_issuer`, `authorization_error`, `interaction_required`,
 *   `callback_invalid`
 */
export function readAuthorizationCode(
  parameters: URLSearchParams,
  metadata: ProviderMetadata,
): string {
  const issuer = parameters.get('iss')
  const announced = metadata.authorization_response_iss_parameter_supported === true
  if (issuer === null ? announced : issuer !== metadata.issuer) {
    throw new AuthError('callback_issuer', 'The callback is not from the provider that was asked.')
  }
  if (parameters.has('error')) throw refusal(parameters)
  const code = parameters.get('code')
  if (!code) throw invalid('no code')
  return code
}

function refusal(parameters: URLSearchParams): AuthError {
  const providerError = cleanText(parameters.get('error')) || 'unknown'
  return new AuthError(
    /^(login|consent|interaction|account_selection)_required$/.test(providerError)
      ? 'interaction_required'
      : 'authorization_error',
    `The provider refused the sign-in: ${providerError}.`,
    {
      providerError,
      providerErrorDescription: cleanText(parameters.get('error_description')),
      retryable: /^(temporarily_unavailable|server_error)$/.test(providerError),
    },
  )
}

function invalid(what: string): AuthError {
  return new AuthError('callback_invalid', `The callback has ${what}.`)
}
