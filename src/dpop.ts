import { keepKeyPair } from './client/keep-key-pair.js'
import { createTokenBinding, generateKey } from './protocol/create-token-binding.js'
import type { Capability } from './types/capabilities.js'

/**
 * Binds tokens to a key of this browser (RFC 9449): a capability for
 * `createAuth({ capabilities: [dpop()] })`. The key (ES256) cannot be exported, is kept with the
 * session, and is gone at sign-out. Tokens of another type are refused, bound ones never go out
 * without a proof, and a session that was kept without this capability is none with it.
 *
 * Proofs carry the time. Where a server refuses one, the clock is corrected by its `Date` header,
 * or, since CORS hides that one as a rule, by that of the app's own server, and the request is made
 * once more.
 *
 * What it stops: tokens that were copied, from storage, a log or a proxy, are worth nothing without
 * the key. What it does not stop: a script in the page can use the key while it runs there.
 *
 * Sign-ins, renewals and calls then reject with `dpop` where a server refuses the proof.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449.html RFC 9449}
 */
export function dpop(): Capability {
  return {
    bind: (session) =>
      createTokenBinding({
        keyPair: keepKeyPair(session, generateKey),
        clockOffset,
      }),
  }
}

async function clockOffset(date: string | null): Promise<number | undefined> {
  const offset = (Date.parse(date ?? (await ownServerDate()) ?? '') - Date.now()) / 1000
  return Number.isNaN(offset) ? undefined : Math.round(offset)
}

async function ownServerDate(): Promise<string | null> {
  const signal = AbortSignal.timeout(3_000)
  const init = { method: 'HEAD', cache: 'no-store', signal } as const
  const answer = await fetch(location.origin, init).catch(() => undefined)
  return answer?.headers.get('date') ?? null
}
