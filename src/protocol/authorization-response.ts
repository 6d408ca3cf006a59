import { AuthError } from '../errors.js'
import type { ProviderMetadata } from '../types/provider.js'
import { cleanText } from './read-json.js'

/** Parameters that a provider puts on the callback address, in any response mode. */
export const RESPONSE_PARAMETERS: RegExp =
  /^(code|state|iss|error(_description|_uri)?|session_state|response|(id|access)_token|token_type|expires_in|scope)$/

/** The errors of RFC 6749 §4.1.2.1 and OIDC Core §3.1.2.6, and `invalid_client`, of CyberArk. */
const KNOWN_ERROR =
  /^(access_denied|invalid_(client|request|scope)|server_error|temporarily_unavailable|unauthorized_client|unsupported_response_type|(login|consent|interaction|account_selection)_required)$/

/**
 * Returns the state of an authorization response, after the checks that need no transaction: there
 * is one state, each parameter occurs once (RFC 6749 §3.1), and none is a token.
 *
 * @throws {AuthError} `callback_state`, `callback_invalid`
 */
export function readResponseState(parameters: URLSearchParams): string {
  const [state, ...others] = parameters.getAll('state')
  if (!state || others.length > 0) {
    // Anybody can make such an address and choose the error: it becomes a hint, and only if it is a
    // known one.
    const [error = ''] = parameters.getAll('error')
    throw new AuthError('callback_state', 'The callback has no state, or several.', {
      hint:
        others.length === 0 && KNOWN_ERROR.test(error)
          ? `If the provider sent it, it refused the sign-in by "${error}".`
          : undefined,
    })
  }
  for (const name of parameters.keys()) {
    const twice = RESPONSE_PARAMETERS.test(name) && parameters.getAll(name).length > 1
    if (twice || /^(response|id_token|access_token)$/.test(name)) {
      throw new AuthError('callback_invalid', `The callback has one "${name}" too many.`)
    }
  }
  return state
}

/**
 * Returns the code of an authorization response, after checking that the provider that was asked
 * sent it: first the issuer (RFC 9207 §2.4), then the error, then the code.
 *
 * @param idToken the ID token that was sent as a hint: the provider may repeat it in an error
 * @param isShared whether another provider has the same redirect URI: the response then has to name
 *   its issuer
 * @throws {AuthError} `callback_issuer`, `authorization_error`, `interaction_required`,
 *   `callback_invalid`
 */
export function readAuthorizationCode(
  parameters: URLSearchParams,
  metadata: ProviderMetadata,
  idToken?: string,
  isShared?: boolean,
): string {
  const { iss, code, state, error, error_description: description } = Object.fromEntries(parameters)
  const secrets = [code, idToken, state]
  const announced = metadata.authorization_response_iss_parameter_supported === true
  if (iss === undefined ? announced || isShared : iss !== metadata.issuer) {
    throw new AuthError(
      'callback_issuer',
      'The callback is not from the provider that was asked.',
      {
        hint:
          iss === undefined && !announced
            ? 'It does not say who answers, and two providers have this redirectUri: give each its own.'
            : undefined,
      },
    )
  }
  if (error !== undefined) {
    const providerError = cleanText(error, secrets) || 'unknown'
    const interaction = /^(login|consent|interaction|account_selection)_required$/
    throw new AuthError(
      interaction.test(providerError) ? 'interaction_required' : 'authorization_error',
      `The provider refused the sign-in: ${providerError}.`,
      {
        providerError,
        providerErrorDescription: cleanText(description, secrets),
        retryable: /^(temporarily_unavailable|server_error)$/.test(providerError),
      },
    )
  }
  if (!code) throw new AuthError('callback_invalid', 'The callback has no code.')
  return code
}
