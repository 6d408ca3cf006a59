import { pushAuthorization } from './protocol/push-authorization.js'
import type { Capability } from './types/capabilities.js'

/**
 * Sends authorization requests to the provider behind the scenes (RFC 9126): a capability for
 * `createAuth({ capabilities: [pushedAuthorization()] })`. The address bar then shows the client id
 * and a reference. There is no way back to plain parameters: where pushing fails, so does the
 * sign-in.
 *
 * The sign-in rejects with `discovery_invalid` where the provider names no endpoint for it, and with
 * `token_request_refused`, `provider_unavailable`, `network` or `timeout`.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126.html#section-2 RFC 9126 §2}
 */
export function pushedAuthorization(): Capability {
  return { push: pushAuthorization }
}
