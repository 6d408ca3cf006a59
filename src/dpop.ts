import { keepKeyPair } from './client/keep-key-pair.js'
import { createTokenBinding, generateKey } from './protocol/create-token-binding.js'
import type { Capability } from './types/capabilities.js'

/**
 * Binds tokens to a key of this browser (RFC 9449): a capability for
 * `createAuth({ capabilities: [dpop()] })`. The key (ES256) cannot be exported, is stored with the
 * session, and is deleted at sign-out. Tokens of another type are refused, and bound tokens are
 * never sent without a proof. A session that was stored without this capability is not restored
 * with it.
 *
 * Proofs contain the time. If a server refuses a proof, the time is corrected by the `Date` header
 * of that server or, because CORS usually hides that header, by the one of the app's own server,
 * and the request is sent once more.
 *
 * This stops the use of copied tokens: from storage, a log or a proxy, they are worth nothing
 * without the key. It does not stop a script in the page, which can use the key while it runs
 * there.
 *
 * Sign-ins and renewals then reject with `dpop` if the provider refuses the proof. They and calls do so if a
 * server asks for a nonce that the page may not read, or refuses its own. Any other refusal of an API is
 * its response, as without this capability.
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
