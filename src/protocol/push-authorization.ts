import { processPushedAuthorizationResponse } from 'oauth4webapi'
import { AuthError } from '../errors.js'
import type { PostForm } from '../types/capabilities.js'
import type { ProviderMetadata } from '../types/provider.js'
import { cleanText } from './read-json.js'

/**
 * Pushes an authorization request (RFC 9126 §2). Returns what the user is sent with instead.
 *
 * @throws {AuthError} `discovery_invalid`, `token_request_refused`, `token_response_invalid`,
 *   `provider_unavailable`, `network`, `timeout`
 */
export async function pushAuthorization(
  metadata: ProviderMetadata,
  parameters: URLSearchParams,
  post: PostForm,
): Promise<URLSearchParams> {
  const url = metadata.pushed_authorization_request_endpoint
  const clientId = parameters.get('client_id') ?? ''
  if (!url) throw failure('discovery_invalid', 'has no endpoint for pushed requests')
  const { status, json } = await post(url, parameters)
  const response = Response.json(json ?? null, { status })
  try {
    const { request_uri: reference, expires_in: lifetime } =
      await processPushedAuthorizationResponse(metadata as never, { client_id: clientId }, response)
    if (lifetime > 0) return new URLSearchParams({ client_id: clientId, request_uri: reference })
  } catch (error) {
    const { error: providerError } = error as { readonly error?: string }
    if (providerError) {
      throw new AuthError(
        'token_request_refused',
        `The provider refused: ${cleanText(providerError)}.`,
        {
          providerError: cleanText(providerError),
          status,
        },
      )
    }
  }
  throw failure(
    status >= 500 ? 'provider_unavailable' : 'token_response_invalid',
    `answered a pushed request with status ${status} and no usable reference`,
  )
}

function failure(
  code: 'discovery_invalid' | 'provider_unavailable' | 'token_response_invalid',
  what: string,
): AuthError {
  return new AuthError(code, `The provider ${what}.`, {
    retryable: code === 'provider_unavailable',
  })
}
