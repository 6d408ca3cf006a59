import {
  clockTolerance,
  getValidatedIdTokenClaims,
  jwksCache,
  processRefreshTokenResponse,
  validateApplicationLevelSignature,
} from 'oauth4webapi'
import { AuthError } from '../errors.js'
import type { ProviderMetadata, UserClaims } from '../types/provider.js'
import type { KeySet } from './read-metadata.js'
import type { TokenResponse } from './read-token-response.js'

/** Gives the provider's key set; `fresh` asks for one that is fetched after this call. */
export type KeySource = (fresh: boolean) => Promise<KeySet | undefined>

/** What an ID token is checked against. */
export interface ExpectedIdToken {
  /** The nonce of the sign-in; `undefined` for a renewal. */
  readonly nonce?: string | undefined
  /** The `max_age` that was asked for, in seconds. */
  readonly maxAge?: number | null
  /** The ID token that a renewed one continues. */
  readonly original?: UserClaims | null
}

/** Verified claims, and how far the provider's clock is ahead of this device's, in milliseconds. */
export interface VerifiedIdToken {
  readonly claims: UserClaims
  readonly clockOffset: number
}

const MINUTE = 60_000

/**
 * Verifies an ID token in full (OpenID Connect Core §3.1.3.7, §12.2): oauth4webapi checks its form,
 * issuer, audience, algorithm and signature; what it leaves to its caller is checked here.
 *
 * @param now when the response was received, in milliseconds since the epoch
 * @throws {AuthError} `id_token_invalid`, `clock_skew`, `discovery_invalid`, `network`, `timeout`,
 *   `provider_unavailable`
 */
export async function verifyIdToken(
  tokens: TokenResponse,
  metadata: ProviderMetadata,
  clientId: string,
  keys: KeySource,
  expected: ExpectedIdToken,
  now: number,
): Promise<VerifiedIdToken> {
  const idToken = tokens.id_token as string
  // Strict compact form (RFC 7515 §7.1), where decoders are lenient.
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(idToken)) throw invalid('not a signed JWT')
  const response = Response.json({ ...tokens, expires_in: undefined })
  let claims: UserClaims
  try {
    const processed = await processRefreshTokenResponse(
      metadata as never,
      // Times are checked below, with the offset of the clocks.
      { client_id: clientId, [clockTolerance]: Number.MAX_SAFE_INTEGER },
      response,
    )
    claims = getValidatedIdTokenClaims(processed) as unknown as UserClaims
  } catch (error) {
    throw invalid((error as Error).message)
  }
  checkIdentity(claims, clientId, expected)
  const clockOffset = checkTimes(claims, expected, now)
  const { alg, typ, b64 } = protectedHeader(idToken)
  if (b64 !== undefined || !/^(application\/)?jwt$/i.test(String(typ ?? 'jwt'))) {
    throw invalid('a JWT of another type')
  }
  await verifySignature(response, metadata, keys, now)
  if (
    claims.at_hash !== undefined &&
    claims.at_hash !== (await halfHash(alg, tokens.access_token))
  ) {
    throw invalid('of another access token (at_hash)')
  }
  return { claims, clockOffset }
}

function checkIdentity(
  claims: UserClaims,
  clientId: string,
  { nonce, original }: ExpectedIdToken,
): void {
  const { azp, sub } = claims
  if (!/^[\x20-\x7e]{1,255}$/.test(sub)) throw invalid('without a usable sub')
  if (azp !== undefined && azp !== clientId) throw invalid('of another azp')
  if (nonce ? claims.nonce !== nonce : continued('nonce')) throw invalid('of another nonce')
  for (const name of ['sub', 'aud', 'auth_time']) {
    if (continued(name)) throw invalid(`of another ${name} than before`)
  }
  function continued(name: string): boolean {
    const value = claims[name]
    return original && value !== undefined
      ? JSON.stringify([value].flat()) !== JSON.stringify([original[name]].flat())
      : false
  }
}

function checkTimes(
  claims: UserClaims,
  { maxAge, original }: ExpectedIdToken,
  now: number,
): number {
  const { iat, exp, nbf, auth_time: authTime } = claims
  if (!(exp > iat) || iat < (original?.iat ?? iat)) throw invalid('expired before it was issued')
  const apart = iat * 1000 - now
  // A clock that jumped during a session is no reason to end it: a renewed token has to be new.
  if (!original && !(Math.abs(apart) <= 15 * MINUTE)) {
    const minutes = Math.round(Math.abs(apart) / MINUTE)
    throw new AuthError(
      'clock_skew',
      `The clock of this device is ${minutes} minutes ${apart > 0 ? 'behind' : 'ahead'}: set it.`,
      { offset: apart },
    )
  }
  const clockOffset = Math.abs(apart) > MINUTE ? apart : 0
  const earliest = now + clockOffset - MINUTE
  if (exp * 1000 <= earliest) throw invalid('expired')
  if ((nbf as number) * 1000 > earliest + 2 * MINUTE) throw invalid('not valid yet')
  if (typeof maxAge === 'number' && !(((authTime as number) + maxAge) * 1000 >= earliest)) {
    throw invalid('of a sign-in longer ago than max_age')
  }
  return clockOffset
}

/** When no key fits, the key set is read once more: keys rotate. */
async function verifySignature(
  response: Response,
  metadata: ProviderMetadata,
  keys: KeySource,
  now: number,
): Promise<void> {
  let failure = ''
  for (const fresh of [false, true]) {
    const jwks = await keys(fresh)
    if (!jwks) break
    try {
      // A copy of the metadata, because oauth4webapi caches keys by its identity; a present `uat`,
      // because when to fetch keys again is decided here.
      return await validateApplicationLevelSignature({ ...metadata } as never, response, {
        [jwksCache]: { jwks: jwks as never, uat: Math.floor(now / 1000) },
      })
    } catch (error) {
      failure = (error as Error).message
    }
  }
  throw invalid(`of unverified signature: ${failure}`)
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
  return new AuthError('id_token_invalid', `The ID token is refused: ${what}.`)
}
