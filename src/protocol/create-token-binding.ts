import {
  allowInsecureRequests,
  customFetch,
  DPoP,
  type DPoPHandle,
  generateKeyPair,
  genericTokenEndpointRequest,
  None,
  protectedResourceRequest,
} from 'oauth4webapi'
import { AuthError } from '../errors.js'
import type { BoundAnswer, TokenBinding } from '../types/capabilities.js'
import { readChallenges } from './read-challenges.js'

/**
 * Makes what proves possession of a key (RFC 9449): a fresh proof for each request, with the nonce
 * that its server gave last, and one more try where a server asks for its nonce.
 *
 * @param keyPair gives the key pair of the session, made by `create` where there is none
 * @throws {AuthError} `dpop` from `send`
 */
export function createTokenBinding(
  keyPair: (create: () => Promise<CryptoKeyPair>) => Promise<CryptoKeyPair>,
): TokenBinding {
  const handles = new WeakMap<CryptoKeyPair, DPoPHandle>()
  const handleOf = async (): Promise<DPoPHandle> => {
    const pair = await keyPair(() => generateKeyPair('ES256'))
    const handle = handles.get(pair) ?? DPoP({}, pair)
    handles.set(pair, handle)
    return handle
  }
  return {
    thumbprint: async () => (await handleOf()).calculateThumbprint(),
    async send(url, method, accessToken, attempt) {
      const handle = await handleOf()
      const prove = proofs(handle, url, method, accessToken)
      const first = await prove((proof) => attempt(proof, false))
      if (!first || !(await asksForNonce(first))) return first as never
      if (!first.headers.get('dpop-nonce')) {
        throw new AuthError('dpop', 'The server asks for a nonce that no page may read.', {
          hint: 'It has to list DPoP-Nonce in Access-Control-Expose-Headers.',
        })
      }
      const second = await prove((proof) => attempt(proof, true))
      if (second && (await asksForNonce(second))) {
        throw new AuthError('dpop', 'The server does not accept its own nonce.')
      }
      return (second ?? first) as never
    },
  }
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
    let failure: unknown
    const options = {
      DPoP: handle,
      [allowInsecureRequests]: true,
      [customFetch]: async (_: string, { headers }: { headers: Record<string, string> }) => {
        try {
          answer = await attempt(headers.dpop ?? '')
        } catch (error) {
          failure = error
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
    if (failure) throw failure
    return answer
  }
}

async function asksForNonce({ status, headers, json }: BoundAnswer): Promise<boolean> {
  if (status === 400) return (json as { error?: unknown } | null)?.error === 'use_dpop_nonce'
  if (status !== 401) return false
  const challenges = await readChallenges(headers.get('www-authenticate'))
  return challenges.some(({ parameters }) => parameters.error === 'use_dpop_nonce')
}
