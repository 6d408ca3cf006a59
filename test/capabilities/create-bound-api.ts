import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { JWTPayload } from 'jose'
import { createBoundTokenCheck } from '../../demo/bank/create-bound-token-check.mjs'

/** What the API demands; it may change while it runs. */
export interface BoundApiOptions {
  readonly dpopRequired?: boolean
  readonly dpopNonces?: boolean
  readonly exposed?: string
}

const EXPOSED = 'www-authenticate, dpop-nonce'

/**
 * An API that takes JWT access tokens, bound to a key or not, and checks them as the demo's bank does;
 * nonces, which the bank does not ask for, it checks here.
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
  const check = createBoundTokenCheck({ issuer, audience, jwksUri: keysUrl })
  let nonce = ''
  const judge = (proof: JWTPayload) => {
    if (!options.dpopNonces || (nonce && proof.nonce === nonce)) return
    nonce = randomBytes(12).toString('hex')
    throw Object.assign(new Error('Another nonce'), { challenge: 'use_dpop_nonce' })
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
      const { method = '', headers } = request
      const url = `http://${headers.host}${request.url}`
      const dpopRequired = options.dpopRequired ?? false
      const { sub } = await check({ method, url, headers }, { dpopRequired, judge })
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
