import { calculatePKCECodeChallenge, generateRandomCodeVerifier as random } from 'oauth4webapi'
import { AuthError } from '../errors.js'
import type { ProviderMetadata } from '../types/provider.js'
import type { SignInRequest } from '../types/requests.js'

/** Parameters that neither the app nor the query of an endpoint may set. */
const RESERVED =
  /^(client_(id|secret|assertion.*)|redirect_uri|response_(type|mode)|state|nonce|code_(challenge.*|verifier)|request(_uri)?|dpop_jkt|iss)$/
/** Parameters that the answer is checked against: set by `parameters`, they would go unchecked. */
const HELD_TO = /^(scope|max_age|acr_values|claims)$/

/** The parameters to send, and what has to be kept until the response arrives. */
export interface AuthorizationRequest {
  readonly parameters: URLSearchParams
  readonly state: string
  /** `undefined` if the request has no nonce. */
  readonly nonce: string | undefined
  readonly verifier: string
}

/**
 * Makes an authorization request: the code flow with PKCE `S256` (RFC 7636), and a state, a
 * verifier and, if wanted, a nonce, each of 256 random bits.
 *
 * @param own parameters of the client, such as `client_id`; a list becomes one parameter per item
 * @param withNonce whether to send a nonce: some providers refuse one without `openid`
 * @throws {AuthError} `config` if `request.parameters` sets a parameter that only this package may
 *   set
 */
export async function createAuthorizationRequest(
  own: Readonly<Record<string, string | readonly string[] | undefined>>,
  request: SignInRequest,
  withNonce: boolean,
): Promise<AuthorizationRequest> {
  const [state, verifier] = [random(), random()]
  const nonce = withNonce ? random() : undefined
  const parameters = new URLSearchParams()
  const wanted = {
    ...own,
    response_type: 'code',
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    prompt: request.prompt,
    login_hint: request.loginHint,
    max_age: request.maxAge?.toString(),
    acr_values: request.acrValues?.join(' ') || undefined,
    ui_locales: request.uiLocales?.join(' ') || undefined,
    claims: request.claims && JSON.stringify(request.claims),
    authorization_details:
      request.authorizationDetails && JSON.stringify(request.authorizationDetails),
  }
  for (const [name, value = []] of Object.entries(wanted)) {
    for (const each of [value].flat()) parameters.append(name, each)
  }
  for (const [name, value] of Object.entries(request.parameters ?? {})) {
    if (RESERVED.test(name) || HELD_TO.test(name) || parameters.has(name)) {
      throw new AuthError('config', `signIn: "parameters" must not contain ${name}.`)
    }
    parameters.set(name, value)
  }
  return { parameters, state, nonce, verifier }
}

/**
 * Returns the address to send the user to. If the endpoint has a query, that is kept as it is (RFC
 * 6749 §3.1).
 *
 * @throws {AuthError} `discovery_invalid` if that query sets a parameter that only this package may
 *   set
 */
export function authorizationUrl(
  { authorization_endpoint: endpoint }: ProviderMetadata,
  parameters: URLSearchParams,
): string {
  // URL drops a space at the end, which would become part of the path once a query follows.
  const { href, searchParams } = new URL(endpoint)
  for (const name of searchParams.keys()) {
    if (RESERVED.test(name) || parameters.has(name)) {
      throw new AuthError('discovery_invalid', `The authorization_endpoint has its own ${name}.`)
    }
  }
  return `${href}${href.includes('?') ? '&' : '?'}${parameters}`
}
