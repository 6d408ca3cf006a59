import { AuthorizationResponseError, validateAuthResponse } from 'oauth4webapi'
import { AuthError } from '../errors.js'
import type { ProviderMetadata } from '../types.js'
import { cleanText } from './clean-text.js'

/** Parameters that a provider puts on the callback address, in any response mode. */
export const RESPONSE_PARAMETERS = [
  'code',
  'state',
  'iss',
  'error',
  'error_description',
  'error_uri',
  'session_state',
  'response',
  'id_token',
  'access_token',
  'token_type',
  'expires_in',
  'scope',
] as const

const INTERACTION = /^(login|consent|interaction|account_selection)_required$/

/**
 * Checks what can be checked of an authorization response before the transaction is known: each
 * parameter once (RFC 6749 §3.1), one state, and no token in it.
 *
 * @throws {AuthError} `callback_state`, `callback_invalid`
 */
export function readResponseState(parameters: URLSearchParams): string {
  const state = parameters.getAll('state')
  if (state.length !== 1 || !state[0]) {
    throw new AuthError(
      'callback_state',
      state.length > 1 ? 'The callback has more than one state.' : 'The callback has no state.',
    )
  }
  for (const name of RESPONSE_PARAMETERS) {
    if (parameters.getAll(name).length > 1) {
      throw new AuthError('callback_invalid', `The callback has more than one "${name}".`)
    }
  }
  for (const name of ['response', 'id_token', 'access_token']) {
    if (parameters.has(name)) {
      throw new AuthError('callback_invalid', `The callback has a "${name}", which nobody asked for.`)
    }
  }
  return state[0]
}

/**
 * Validates an authorization response against the transaction that it answers: state, then issuer
 * (RFC 9207 §2.4), then error, then code. Returns the parameters that
 * {@link exchangeAuthorizationCode} takes.
 *
 * @throws {AuthError} `callback_state`, `callback_issuer`, `authorization_error`,
 *   `interaction_required`, `callback_invalid`
 */
export function validateAuthorizationResponse(
  parameters: URLSearchParams,
  metadata: ProviderMetadata,
  clientId: string,
  state: string,
): URLSearchParams {
  const issuer = parameters.get('iss')
  const announced = metadata.authorization_response_iss_parameter_supported
  if (issuer === null ? announced : issuer !== metadata.issuer) {
    throw new AuthError(
      'callback_issuer',
      issuer === null
        ? 'The callback names no issuer, although this provider announces one.'
        : 'The callback comes from another issuer than the one asked.',
    )
  }
  let validated: URLSearchParams
  try {
    validated = validateAuthResponse(metadata as never, { client_id: clientId }, parameters, state)
  } catch (error) {
    if (error instanceof AuthorizationResponseError) throw refusal(error)
    throw new AuthError('callback_invalid', 'The callback is not an authorization response.')
  }
  if (!validated.get('code')) throw new AuthError('callback_invalid', 'The callback has no code.')
  return validated
}

function refusal({ error, error_description }: AuthorizationResponseError): AuthError {
  const providerError = cleanText(error) ?? 'unknown'
  const interaction = INTERACTION.test(providerError)
  const retryable = /^(temporarily_unavailable|server_error)$/.test(providerError)
  return new AuthError(
    interaction ? 'interaction_required' : 'authorization_error',
    `The provider refused the sign-in: ${providerError}.`,
    { providerError, providerErrorDescription: cleanText(error_description), retryable },
  )
}
