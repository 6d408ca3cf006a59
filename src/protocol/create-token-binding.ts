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

/** The use of a key: a new sign-in, a request for tokens, or a request with a token. */
export type Purpose = 'begin' | 'token' | 'call'

const purposeOf = (accessToken: string | undefined): Purpose => (accessToken ? 'call' : 'token')

/** The dependencies of {@link createTokenBinding}. */
export interface TokenBindingPorts {
  /**
   * Returns the key pair of the session. If there is none, `begin` makes one; a `call` rejects if
   * nobody is signed in.
   */
  readonly keyPair: (purpose: Purpose) => Promise<CryptoKeyPair>
  /**
   * Returns how far this device's clock is behind, in seconds; `undefined` if that is unknown.
   *
   * @param date the `Date` header of the server that refused a proof; `null` if it cannot be read
   */
  readonly clockOffset: (date: string | null) => Promise<number | undefined>
}

/** Why a server refused a proof (RFC 9449 §7.1, §8). */
type Refusal = 'use_dpop_nonce' | 'invalid_dpop_proof'

/** Makes the key pair of a session: ES256, and not extractable. */
export const generateKey = (): Promise<CryptoKeyPair> => generateKeyPair('ES256')

/**
 * Makes a binding that proves possession of a key (RFC 9449): each request has a new proof, with
 * the nonce that its server sent last. A request is sent once more if the server asks for its
 * nonce, and once more if it refuses a proof because the clock is wrong.
 *
 * @throws {AuthError} `dpop`, `signed_out` from `send`
 */
export function createTokenBinding({ keyPair, clockOffset }: TokenBindingPorts): TokenBinding {
  // Two handles for the same key, because each has nonces by origin only: an API may have the origin of
  // the provider, and neither knows the nonces of the other (RFC 9449 §9).
  let known:
    | { readonly pair: CryptoKeyPair; readonly handles: readonly [DPoPHandle, DPoPHandle] }
    | undefined
  let offset = 0
  const assertion = {
    [modifyAssertion](_: unknown, payload: Record<string, unknown>) {
      payload.iat = Number(payload.iat) + offset
    },
  }
  const handleOf = async (purpose: Purpose): Promise<DPoPHandle> => {
    const pair = await keyPair(purpose)
    const at = purpose === 'call' ? 1 : 0
    const before = known
    if (before?.pair === pair) return before.handles[at]
    const made = [DPoP({}, pair, assertion), DPoP({}, pair, assertion)] as const
    const thumbprint = await made[0].calculateThumbprint()
    // Storage returns a new object each time. While the key is the same, the handles are kept,
    // because they have the nonces.
    const isSame = thumbprint === (await before?.handles[0].calculateThumbprint())
    known = { pair, handles: before && isSame ? before.handles : made }
    return known.handles[at]
  }
  /** Whether the clock of a proof was wrong and is corrected now, perhaps by another request. */
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
      // Calls made at once may each have another handle for the same key: keys are compared.
      const own = await handle.calculateThumbprint()
      const prove = proofs(handle, url, method, accessToken)
      const tried = new Set<Refusal>()
      for (let last: unknown; ; ) {
        const used = offset
        const answer = await prove(async (proof) => {
          // Nothing of a session is sent after its end, nor during the next session.
          if (accessToken && (await thumbprint(purpose)) !== own) throw signedOut()
          return attempt(proof, tried.size > 0)
        })
        // The request cannot be sent again: the caller gets the refusal.
        if (!answer) return last as never
        last = answer
        const refusal = await refusalOf(answer)
        if (!refusal) return answer
        const { headers } = answer
        if (refusal === 'use_dpop_nonce') assertNonce(headers, tried.has(refusal))
        else if (tried.has(refusal) || !(await correctClock(used, headers.get('date')))) {
          // The app reads the answers of an API itself.
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
 * Returns a function that gives each attempt its own proof. oauth4webapi makes proofs only as part
 * of its own requests, so ours are sent from inside those, and it sees the nonces in the answers.
 */
function proofs(handle: DPoPHandle, url: string, method: string, accessToken: string | undefined) {
  return async <Answer extends BoundAnswer>(
    attempt: (proof: string) => Promise<Answer | undefined>,
  ): Promise<Answer | undefined> => {
    let answer: Answer | undefined
    // A list, because a caller may abort with any reason, even null.
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

/** Returns why a proof was refused: a provider says so in the body, an API in a challenge. */
async function refusalOf({ status, headers, json }: BoundAnswer): Promise<Refusal | undefined> {
  if (status !== 400 && status !== 401) return undefined
  const challenges = await readChallenges(headers.get('www-authenticate'))
  const errors = [
    (json as { error?: unknown } | null | undefined)?.error,
    ...challenges.map(({ parameters }) => parameters.error),
  ]
  return (['use_dpop_nonce', 'invalid_dpop_proof'] as const).find((each) => errors.includes(each))
}
