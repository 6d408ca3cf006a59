import { processPushedAuthorizationResponse } from 'oauth4webapi'
import { AuthError } from './errors.js'
import type { Capability } from './types/capabilities.js'

/**
 * Sends authorization requests to the provider behind the scenes (RFC 9126): a capability for
 * `createAuth({ capabilities: [pushedAuthorization()] })`. The address bar then shows the client id
 * and a reference. There is no way back to plain parameters: where pushing fails, so does the
 * sign-in.
 *
 * The sign-in rejects with `discovery_invalid` where the provider names no endpoint for it, and with
 * `token_request_refused`, `provider_unavailable`, `network` or `timeout`.
 */
export function pushedAuthorization(): Capability {
  return {
    async push(metadata, parameters, post) {
      const url = metadata.pushed_authorization_request_endpoint
      const clientId = parameters.get('client_id') ?? ''
      if (!url) throw failure('discovery_invalid', 'has no endpoint for pushed requests')
      const { status, json } = await post(url, parameters)
      const response = Response.json(json ?? null, { status })
      try {
        const { request_uri: reference, expires_in: lifetime } =
          await processPushedAuthorizationResponse(
            metadata as never,
            { client_id: clientId },
            response,
          )
        if (lifetime > 0)
          return new URLSearchParams({ client_id: clientId, request_uri: reference })
      } catch (error) {
        const { error: providerError } = error as { readonly error?: string }
        if (providerError) {
          throw new AuthError('token_request_refused', `The provider refused: ${providerError}.`, {
            providerError,
            status,
          })
        }
      }
      throw failure(
        status >= 500 ? 'provider_unavailable' : 'token_response_invalid',
        `answered a pushed request with status ${status} and no usable reference`,
      )
    },
  }
}

function failure(
  code: 'discovery_invalid' | 'provider_unavailable' | 'token_response_invalid',
  what: string,
): AuthError {
  return new AuthError(code, `The provider ${what}.`, {
    retryable: code === 'provider_unavailable',
  })
}
