import { calculatePKCECodeChallenge, generateRandomCodeVerifier as random } from 'oauth4webapi'
import { AuthError } from '../errors.js'
import type { ProviderMetadata } from '../types/provider.js'
import type { SignInRequest } from '../types/requests.js'

const RESERVED =
  /^(client_id|client_secret|redirect_uri|response_type|response_mode|state|nonce|code_challenge.*|request|request_uri|dpop_jkt|iss)$/

/** What is sent, and what has to be remembered until the answer is there. */
export interface AuthorizationRequest {
  readonly parameters: URLSearchParams
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** What an authorization request is made of. */
export interface AuthorizationRequestInput {
  readonly clientId: string
  readonly redirectUri: string
  readonly scope: readonly string[]
  /** Resource indicators (RFC 8707 §2.1). */
  readonly resource: readonly string[]
  /** The vendor parameter `audience`. */
  readonly audience?: string | undefined
  readonly request: SignInRequest
}

/**
 * Makes an authorization request: code with PKCE `S256` (RFC 7636), and a state, a nonce and a
 * verifier of 256 random bits each.
 *
 * @throws {AuthError} `config` when `request.parameters` names a parameter of ours
 */
export async function createAuthorizationRequest(
  input: AuthorizationRequestInput,
): Promise<AuthorizationRequest> {
  const [state, nonce, verifier] = [random(), random(), random()]
  const { request } = input
  const wanted: Record<string, string | undefined> = {
    client_id: input.clientId,
    redirect_uri: input.redirectUri,
    response_type: 'code',
    scope: input.scope.join(' '),
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    audience: input.audience,
    prompt: request.prompt,
    login_hint: request.loginHint,
    max_age: request.maxAge?.toString(),
    acr_values: request.acrValues?.join(' '),
    ui_locales: request.uiLocales?.join(' '),
    claims: request.claims && JSON.stringify(request.claims),
  }
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(wanted)) if (value) parameters.set(name, value)
  for (const resource of input.resource) parameters.append('resource', resource)
  for (const [name, value] of Object.entries(request.parameters ?? {})) {
    if (RESERVED.test(name) || parameters.has(name)) {
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
 * @throws {AuthError} `discovery_invalid` when that query holds a parameter of ours
 */
export function authorizationUrl(metadata: ProviderMetadata, parameters: URLSearchParams): string {
  const endpoint = metadata.authorization_endpoint
  const own = new URL(endpoint).searchParams
  for (const name of parameters.keys()) {
    if (own.has(name)) {
      throw new AuthError(
        'discovery_invalid',
        `The authorization_endpoint of the provider has a "${name}" of its own.`,
      )
    }
  }
  return `${endpoint}${endpoint.includes('?') ? '&' : '?'}${parameters}`
}
