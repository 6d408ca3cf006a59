import { createHash } from 'node:crypto'
import { EmbeddedJWK, jwtVerify } from 'jose'
import { expect } from 'vitest'
import type { SeenRequest } from './start-standard-provider.ts'

/** Addresses whose requests carry or get a token. */
const BOUND = /^\/(token|request|me|api\/.*)$/

/**
 * Holds every request that a provider and its API saw to RFC 9449 §4.2: a proof for each of them,
 * well-formed and signed, by one key, for this very request, with a nonce of this very server.
 *
 * @returns how many there were
 */
export async function checkProofs(seen: readonly SeenRequest[]): Promise<number> {
  const ids = new Set<unknown>()
  const keys = new Set<unknown>()
  /** By origin (RFC 9449 §8.2). */
  const nonces = new Map<string, Set<unknown>>()
  const bound = seen.filter(({ path, method }) => BOUND.test(path) && method !== 'OPTIONS')
  for (const { method, path, origin, headers, nonce } of bound) {
    const { dpop = '', authorization } = headers
    const { protectedHeader, payload } = await jwtVerify(dpop, EmbeddedJWK, {
      algorithms: ['ES256'],
      typ: 'dpop+jwt',
      currentDate: new Date(Number(JSON.parse(decode(dpop)).iat) * 1000),
    })
    expect(Object.keys(protectedHeader.jwk ?? {}).sort()).toEqual(['crv', 'kty', 'x', 'y'])
    expect(payload).toMatchObject({ htm: method, htu: origin + path })
    expect(payload.jti).toMatch(/^[\w-]{16,}$/)
    const hash = authorization && createHash('sha256').update(authorization.replace(/^DPoP /, ''))
    expect(payload.ath).toBe(hash ? hash.digest('base64url') : undefined)
    if (authorization) expect(authorization).toMatch(/^DPoP /)
    if (payload.nonce !== undefined) expect(nonces.get(origin)).toContain(payload.nonce)
    ids.add(payload.jti)
    keys.add(JSON.stringify(protectedHeader.jwk))
    const given = nonces.get(origin) ?? new Set()
    nonces.set(origin, given.add(nonce))
  }
  expect(ids.size, 'a fresh proof for each request').toBe(bound.length)
  expect(keys.size, 'one key').toBe(1)
  return bound.length
}

const decode = (jwt: string) => Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()
