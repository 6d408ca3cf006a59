import {
  allowInsecureRequests,
  customFetch,
  DPoP,
  type DPoPHandle,
  generateKeyPair,
  genericTokenEndpointRequest,
  modifyAssertion,
  None,
  protectedResourceRequest,
} from 'oauth4webapi'
import { AuthError, signedOut } from '../errors.js'
import type { BoundAnswer, TokenBinding } from '../types/capabilities.js'
import { readChallenges } from './read-challenges.js'

export { signedOut }

/** What a key is wanted for: a sign-in that begins anew, tokens, or a request with a token. */
export type Purpose = 'begin' | 'token' | 'call'

const purposeOf = (accessToken: string | undefined): Purpose => (accessToken ? 'call' : 'token')

/** What a token binding is made of. */
export interface TokenBindingPorts {
  /**
   * The key pair of the session; made where a sign-in is to begin and there is none. For a `call` it
   * rejects where nobody is signed in.
   */
  readonly keyPair: (purpose: Purpose) => Promise<CryptoKeyPair>
  /**
   * How far this device's clock is behind, in seconds; `undefined` where nobody knows.
   *
   * @param date the `Date` header of the server that refused a proof, where it may be read
   */
  readonly clockOffset: (date: string | null) => Promise<number | undefined>
}

/** Why a server refused a proof (RFC 9449 §7.1, §8). */
type Refusal = 'use_dpop_nonce' | 'invalid_dpop_proof'

/** Makes the key pair of a session: ES256, not to be exported. */
export const generateKey = (): Promise<CryptoKeyPair> => generateKeyPair('ES256')

/**
 * Makes what proves possession of a key (RFC 9449): a fresh proof for each request, with the nonce
 * that its server gave last. Where a server asks for its nonce, or refuses the proof of a clock that
 * is wrong, there is one more try for each.
 *
 * @throws {AuthError} `dpop`, `signed_out` from `send`
 */
export function createTokenBinding({ keyPair, clockOffset }: TokenBindingPorts): TokenBinding {
  let known: { readonly pair: CryptoKeyPair; readonly handle: DPoPHandle } | undefined
  let offset = 0
  const assertion = {
    [modifyAssertion](_: unknown, payload: Record<string, unknown>) {
      payload.iat = Number(payload.iat) + offset
    },
  }
  const handleOf = async (purpose: Purpose): Promise<DPoPHandle> => {
    const pair = await keyPair(purpose)
    const before = known
    if (before?.pair === pair) return before.handle
    const made = DPoP({}, pair, assertion)
    const thumbprint = await made.calculateThumbprint()
    // What storage gives is a new object each time: while the key is the same, its nonces go on.
    const isSame = thumbprint === (await before?.handle.calculateThumbprint())
    const handle = before && isSame ? before.handle : made
    known = { pair, handle }
    return handle
  }
  /** Whether the clock of a proof was wrong, and is right now: another request may have seen to it. */
  const correctClock = async (used: number, date: string | null): Promise<boolean> => {
    const isRight = () => Math.abs(offset - used) > 1
    if (!isRight()) offset = (await clockOffset(date)) ?? offset
    return isRight()
  }
  const thumbprint = async (purpose: Purpose) => (await handleOf(purpose)).calculateThumbprint()
  return {
    thumbprint: (isNew = true) => thumbprint(isNew ? 'begin' : 'token'),
    async send(url, method, accessToken, attempt) {
      const purpose = purposeOf(accessToken)
      const handle = await handleOf(purpose)
      // Calls at once may each have a handle of their own for the same key.
      const own = await handle.calculateThumbprint()
      const prove = proofs(handle, url, method, accessToken)
      const tried = new Set<Refusal>()
      for (let last: unknown; ; ) {
        const used = offset
        const answer = await prove(async (proof) => {
          // Nothing of a session goes out after it, nor in the one that came after.
          if (accessToken && (await thumbprint(purpose)) !== own) throw signedOut()
          return attempt(proof, tried.size > 0)
        })
        // What cannot be sent again is handed over as it was refused.
        if (!answer) return last as never
        last = answer
        const refusal = await refusalOf(answer)
        if (!refusal) return answer
        const { headers } = answer
        if (refusal === 'use_dpop_nonce') assertNonce(headers, tried.has(refusal))
        else if (tried.has(refusal) || !(await correctClock(used, headers.get('date')))) {
          // An API's answer is the app's to read.
          if (accessToken) return answer
          throw new AuthError('dpop', 'The provider does not accept a proof of possession.', {
            hint: 'The clock of this device may be wrong.',
            providerError: refusal,
            status: answer.status,
          })
        }
        tried.add(refusal)
      }
    },
  }
}

function assertNonce(headers: Headers, again: boolean): void {
  if (again) throw new AuthError('dpop', 'The server does not accept its own nonce.')
  if (headers.get('dpop-nonce')) return
  throw new AuthError('dpop', 'The server asks for a nonce that no page may read.', {
    hint: 'It has to list DPoP-Nonce in Access-Control-Expose-Headers.',
  })
}

/**
 * Gives each attempt a proof of its own. oauth4webapi makes proofs as part of its requests: ours are
 * sent inside of those, so that it sees the nonces in the answers.
 */
function proofs(handle: DPoPHandle, url: string, method: string, accessToken: string | undefined) {
  return async <Answer extends BoundAnswer>(
    attempt: (proof: string) => Promise<Answer | undefined>,
  ): Promise<Answer | undefined> => {
    let answer: Answer | undefined
    // Whatever it is: who aborts may give any reason, and null is one.
    const failures: unknown[] = []
    const options = {
      DPoP: handle,
      [allowInsecureRequests]: true,
      [customFetch]: async (_: string, { headers }: { headers: Record<string, string> }) => {
        try {
          answer = await attempt(headers.dpop ?? '')
        } catch (error) {
          failures.push(error)
        }
        const nonce = answer?.headers.get('dpop-nonce')
        return new Response(null, nonce ? { headers: { 'dpop-nonce': nonce } } : {})
      },
    }
    if (accessToken) {
      await protectedResourceRequest(
        accessToken,
        method,
        new URL(url),
        undefined,
        undefined,
        options as never,
      )
    } else {
      const as = { issuer: '-', token_endpoint: url }
      await genericTokenEndpointRequest(as, { client_id: '-' }, None(), '-', {}, options as never)
    }
    if (failures.length > 0) throw failures[0]
    return answer
  }
}

/** By the body at the provider, by a challenge elsewhere. */
async function refusalOf({ status, headers, json }: BoundAnswer): Promise<Refusal | undefined> {
  if (status !== 400 && status !== 401) return undefined
  const challenges = await readChallenges(headers.get('www-authenticate'))
  const errors = [
    (json as { error?: unknown } | null | undefined)?.error,
    ...challenges.map(({ parameters }) => parameters.error),
  ]
  return (['use_dpop_nonce', 'invalid_dpop_proof'] as const).find((each) => errors.includes(each))
}
