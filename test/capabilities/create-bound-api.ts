import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { decodeJwt } from 'jose'
import { allowInsecureRequests, validateJwtAccessToken } from 'oauth4webapi'

/** What the API demands; it may change while it runs. */
export interface BoundApiOptions {
  readonly dpopRequired?: boolean
  readonly dpopNonces?: boolean
  readonly exposed?: string
}

const EXPOSED = 'www-authenticate, dpop-nonce'

/**
 * An API that takes JWT access tokens, bound to a key or not. Signature, issuer, audience and expiry
 * of the token, its `cnf.jkt`, and signature, `jwk`, `htm`, `htu`, `iat` and `ath` of the proof are
 * checked by oauth4webapi; nonces, and that no proof comes twice, here.
 */
export function createBoundApi({
  options,
  audience,
  issuer,
  keysUrl,
}: {
  readonly options: BoundApiOptions
  readonly audience: string
  readonly issuer: string
  readonly keysUrl: string
}): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const proofs = new Set<unknown>()
  let nonce = ''
  const server = {
    issuer,
    jwks_uri: keysUrl,
    id_token_signing_alg_values_supported: ['RS256'],
  }

  const check = async (request: IncomingMessage) => {
    const claims = await validateJwtAccessToken(
      server,
      new Request(`http://${request.headers.host}${request.url}`, {
        method: request.method as string,
        headers: request.headers as Record<string, string>,
      }),
      audience,
      { [allowInsecureRequests]: true, requireDPoP: options.dpopRequired ?? false },
    )
    if (!request.headers.dpop) return claims
    const proof = decodeJwt(String(request.headers.dpop))
    if (options.dpopNonces && (!nonce || proof.nonce !== nonce)) {
      nonce = randomBytes(12).toString('hex')
      throw Object.assign(new Error('Another nonce'), { challenge: 'use_dpop_nonce' })
    }
    if (proofs.has(proof.jti)) throw new Error('The proof was used before.')
    proofs.add(proof.jti)
    return claims
  }

  return async (request, response) => {
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*')
    response.setHeader('access-control-allow-headers', 'authorization, dpop, content-type')
    response.setHeader('access-control-allow-methods', 'GET, POST')
    response.setHeader('access-control-expose-headers', options.exposed ?? EXPOSED)
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    try {
      const { sub } = await check(request)
      const scheme = request.headers.authorization?.split(' ')[0]
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ sub, scheme, ...(body && { body }) }))
    } catch (error) {
      if (nonce) response.setHeader('dpop-nonce', nonce)
      response.setHeader('www-authenticate', `DPoP error="${challengeOf(error)}"`)
      response.writeHead(401).end()
    }
  }
}

function challengeOf(error: unknown): string {
  const { challenge, message = '' } = error as { challenge?: string; message?: string }
  return challenge ?? (/DPoP Proof iat/.test(message) ? 'invalid_dpop_proof' : 'invalid_token')
}
