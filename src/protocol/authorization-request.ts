import { calculatePKCECodeChallenge, generateRandomCodeVerifier as random } from 'oauth4webapi'
import { AuthError } from '../errors.js'
import type { ProviderMetadata } from '../types/provider.js'
import type { SignInRequest } from '../types/requests.js'

/** What is ours. */
const RESERVED =
  /^(client_(id|secret|assertion.*)|redirect_uri|response_(type|mode)|state|nonce|code_(challenge.*|verifier)|request(_uri)?|dpop_jkt|iss)$/
/** What an answer is held to: sent behind our back, nobody would look for it there. */
const HELD_TO = /^(scope|max_age|acr_values|claims)$/

/** What is sent, and what has to be remembered until the answer is there. */
export interface AuthorizationRequest {
  readonly parameters: URLSearchParams
  readonly state: string
  /** `undefined` where the request has none. */
  readonly nonce: string | undefined
  readonly verifier: string
}

/**
 * Makes an authorization request: code with PKCE `S256` (RFC 7636), and a state, a verifier and
 * perhaps a nonce of 256 random bits each.
 *
 * @param own parameters of the client, such as `client_id`; a list becomes one parameter per item
 * @param withNonce whether the provider is to have one: some refuse it without `openid`
 * @throws {AuthError} `config` when `request.parameters` names a parameter of ours
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
 * The address to send the user to. A query that the endpoint has of its own is kept as it is (RFC
 * 6749 §3.1).
 *
 * @throws {AuthError} `discovery_invalid` when it has a parameter of ours
 */
export function authorizationUrl(
  { authorization_endpoint: endpoint }: ProviderMetadata,
  parameters: URLSearchParams,
): string {
  // A space at its end is none of its own, and would be part of the path once a query follows.
  const { href, searchParams } = new URL(endpoint)
  for (const name of searchParams.keys()) {
    if (RESERVED.test(name) || parameters.has(name)) {
      throw new AuthError('discovery_invalid', `The authorization_endpoint has its own ${name}.`)
    }
  }
  return `${href}${href.includes('?') ? '&' : '?'}${parameters}`
}
