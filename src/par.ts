import { AuthError } from './errors.js'
import { pushAuthorization } from './protocol/push-authorization.js'
import type { Capability } from './types/capabilities.js'

/**
 * Sends the parameters of a sign-in directly to the provider (RFC 9126): a capability for
 * `createAuth({ capabilities: [pushedAuthorization()] })`. The address bar then shows the client id
 * and a reference, which is used once. If a reference has expired by the time it arrives, the
 * request is pushed once more. If pushing fails, so does the sign-in: it never uses plain
 * parameters instead.
 *
 * The sign-in rejects with `discovery_invalid` if the provider names no endpoint for pushed
 * requests, and with `token_request_refused`, `token_response_invalid`, `provider_unavailable`,
 * `dpop`, `network` or `timeout`.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126.html#section-2 RFC 9126 §2}
 */
export function pushedAuthorization(): Capability {
  return {
    async push(...request) {
      for (let tries = 0; tries < 2; tries++) {
        const began = Date.now()
        const { parameters, lifetime } = await pushAuthorization(...request)
        if (Date.now() - began < lifetime * 1000) return parameters
      }
      throw new AuthError('timeout', 'The provider takes longer than its reference lasts.', {
        retryable: true,
      })
    },
  }
}
