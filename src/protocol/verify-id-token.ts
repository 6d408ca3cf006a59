import { jwksCache, validateApplicationLevelSignature } from 'oauth4webapi'
import { AuthError } from '../errors.js'
import type { ProviderMetadata, UserClaims } from '../types.js'
import type { KeySet } from './read-key-set.js'

/** Gives the provider's key set; `fresh` asks for one that was fetched after this call. */
export type KeySource = (fresh: boolean) => Promise<KeySet | undefined>

const MINUTE = 60_000
const TOLERANCE = MINUTE
const LARGEST_OFFSET = 15 * MINUTE
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/

/**
 * Refuses an ID token that is no signed JWT in strict compact form (RFC 7515 §7.1).
 *
 * @throws {AuthError} `id_token_invalid`
 */
export function assertCompactJws(idToken: string): void {
  if (COMPACT_JWS.test(idToken)) return
  throw invalid(idToken.split('.').length === 5 ? 'is encrypted, which is not supported' : 'is no JWT')
}

/**
 * The checks of an ID token (OpenID Connect Core §3.1.3.7) that oauth4webapi leaves to its caller.
 * Returns how far the provider's clock is ahead of this device's, in milliseconds.
 *
 * @throws {AuthError} `id_token_invalid`, `clock_skew`
 */
export function checkClaims(claims: UserClaims, clientId: string, now: number): number {
  if (!/^[\x20-\x7e]{1,255}$/.test(claims.sub)) throw invalid('has an unusable "sub"')
  if (claims.azp !== undefined && claims.azp !== clientId) throw invalid('has another "azp"')
  if (!(claims.exp > claims.iat)) throw invalid('expires before it is issued')
  const apart = claims.iat * 1000 - now
  if (!(Math.abs(apart) <= LARGEST_OFFSET)) {
    const minutes = Math.round(Math.abs(apart) / MINUTE)
    throw new AuthError(
      'clock_skew',
      `This device's clock is ${minutes} minutes ${apart > 0 ? 'behind' : 'ahead of'} the provider's.`,
      { offset: apart, hint: 'Set the clock of this device.' },
    )
  }
  const offset = Math.abs(apart) > TOLERANCE ? apart : 0
  const time = now + offset
  if (claims.exp * 1000 <= time - TOLERANCE) throw invalid('has expired')
  if ((claims.nbf as number) * 1000 > time + TOLERANCE) throw invalid('is not valid yet')
  return offset
}

/**
 * Checks `auth_time` against the `max_age` that was asked for, in seconds.
 *
 * @throws {AuthError} `id_token_invalid`
 */
export function checkMaxAge(claims: UserClaims, maxAge: number, time: number): void {
  const authTime = claims.auth_time
  if (typeof authTime !== 'number') throw invalid('has no "auth_time", although max_age was asked for')
  if ((authTime + maxAge) * 1000 < time - TOLERANCE) {
    throw invalid('speaks of a sign-in that is longer ago than max_age allows')
  }
}

/**
 * Verifies the signature by the provider's keys, and `typ` and `at_hash` where present. When no key
 * fits, the key set is read once more: keys rotate.
 *
 * @param response the response object that oauth4webapi processed
 * @throws {AuthError} `id_token_invalid`, `discovery_invalid`, `network`, `timeout`,
 *   `provider_unavailable`
 */
export async function verifySignature(
  response: Response,
  idToken: string,
  claims: UserClaims,
  accessToken: string,
  metadata: ProviderMetadata,
  keys: KeySource,
): Promise<void> {
  const { alg, typ, b64 } = protectedHeader(idToken)
  if (b64 !== undefined) throw invalid('has a "b64" header')
  if (typ !== undefined && !/^(application\/)?jwt$/i.test(String(typ))) {
    throw invalid('is a JWT of another type')
  }
  for (const fresh of [false, true]) {
    const jwks = await keys(fresh)
    const failure = jwks ? await trySignature(response, metadata, jwks) : 'no key fits'
    if (!failure) break
    if (fresh) throw invalid(`has a signature that does not verify (${failure})`)
  }
  if (claims.at_hash !== undefined && claims.at_hash !== (await halfHash(alg, accessToken))) {
    throw invalid('belongs to another access token ("at_hash")')
  }
}

async function trySignature(
  response: Response,
  metadata: ProviderMetadata,
  jwks: KeySet,
): Promise<string | undefined> {
  try {
    // A copy of the metadata, because oauth4webapi caches keys by its identity; a present `uat`,
    // because when to fetch keys again is decided here.
    await validateApplicationLevelSignature({ ...metadata } as never, response, {
      [jwksCache]: { jwks: jwks as never, uat: Math.floor(Date.now() / 1000) },
    })
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

// Read, not judged: oauth4webapi has parsed and checked the same header before.
function protectedHeader(idToken: string): { alg: string; typ?: unknown; b64?: unknown } {
  const [encoded = ''] = idToken.split('.')
  return JSON.parse(atob(encoded.replace(/-/g, '+').replace(/_/g, '/')))
}

/** The left half of a token's hash, as `at_hash` carries it (OpenID Connect Core §3.1.3.6). */
async function halfHash(alg: string, token: string): Promise<string> {
  const bits = /\d{3}$/.exec(alg)?.[0] ?? '512'
  const digest = await crypto.subtle.digest(`SHA-${bits}`, new TextEncoder().encode(token))
  const half = new Uint8Array(digest, 0, digest.byteLength / 2)
  return btoa(String.fromCharCode(...half))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '')
}

function invalid(what: string): AuthError {
  return new AuthError('id_token_invalid', `The ID token ${what}.`)
}
