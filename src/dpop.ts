import { createTokenBinding } from './protocol/create-token-binding.js'
import type { Capability } from './types/capabilities.js'

/**
 * Binds tokens to a key of this browser (RFC 9449): a capability for
 * `createAuth({ capabilities: [dpop()] })`. The key (ES256) cannot be exported, is kept with the
 * session, and is gone at sign-out. Tokens of another type are refused, and bound ones never go out
 * without a proof.
 *
 * What it stops: tokens that were copied, from storage, a log or a proxy, are worth nothing without
 * the key. What it does not stop: a script in the page can use the key while it runs there.
 *
 * Sign-ins, renewals and calls then reject with `dpop` where a server refuses the proof.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449.html RFC 9449}
 */
export function dpop(): Capability {
  return { bind: createTokenBinding }
}
