import { AuthError } from './errors.js'
import { pushAuthorization } from './protocol/push-authorization.js'
import type { Capability } from './types/capabilities.js'

/**
 * Sends authorization requests to the provider behind the scenes (RFC 9126): a capability for
 * `createAuth({ capabilities: [pushedAuthorization()] })`. The address bar then shows the client id
 * and a reference, which is used once; one that ran out on its way here is asked for again. There is
 * no way back to plain parameters: where pushing fails, so does the sign-in.
 *
 * The sign-in rejects with `discovery_invalid` where the provider names no endpoint for it, and with
 * `token_request_refused`, `token_response_invalid`, `provider_unavailable`, `dpop`, `network` or
 * `timeout`.
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
