import { AuthError } from '../errors.js'
import type { PostForm } from '../types/capabilities.js'
import type { ProviderMetadata } from '../types/provider.js'
import { readFailure } from './read-failure.js'
import { membersOf } from './read-json.js'

/** The reference to a pushed authorization request. */
export interface PushedAuthorization {
  /** The parameters to send the user with, instead of those that were pushed. */
  readonly parameters: URLSearchParams
  /** How long the reference is valid, in seconds. */
  readonly lifetime: number
}

/**
 * Pushes an authorization request, and returns the reference to it (RFC 9126 §2).
 *
 * @throws {AuthError} `discovery_invalid`, `token_request_refused`, `token_response_invalid`,
 *   `provider_unavailable`, `dpop`, `network`, `timeout`
 */
export async function pushAuthorization(
  metadata: ProviderMetadata,
  parameters: URLSearchParams,
  post: PostForm,
): Promise<PushedAuthorization> {
  const url = metadata.pushed_authorization_request_endpoint
  if (!url) {
    throw new AuthError('discovery_invalid', 'The provider has no endpoint for pushed requests.', {
      hint: 'Leave pushedAuthorization() out of "capabilities": this app may do without it.',
    })
  }
  const answer = await post(url, parameters)
  const { error, request_uri: reference, expires_in: lifetime } = membersOf(answer.json)
  if (error || answer.status >= 300) {
    throw readFailure(answer, [parameters.get('id_token_hint')])
  }
  const isNamed = answer.status === 201 && typeof reference === 'string' && reference
  if (!isNamed || typeof lifetime !== 'number' || lifetime <= 0) {
    throw new AuthError(
      'token_response_invalid',
      `The provider answered a pushed request with status ${answer.status} and no usable reference.`,
    )
  }
  const clientId = parameters.get('client_id') ?? ''
  return {
    parameters: new URLSearchParams({ client_id: clientId, request_uri: reference }),
    lifetime,
  }
}
