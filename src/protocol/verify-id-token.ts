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

/** Returns the provider's key set; with `fresh`, one that is fetched after the call. */
export type KeySource = (fresh: boolean) => Promise<KeySet | undefined>

/** The values that an ID token is checked against. */
export interface ExpectedIdToken {
  /** The nonce of the sign-in; `undefined` for a renewal, or if none was sent. */
  readonly nonce?: string | undefined
  /** The requested `max_age`, in seconds. */
  readonly maxAge?: number | undefined
  /** The requested `acr_values`. */
  readonly acrValues?: readonly string[] | undefined
  /** The claims of the ID token that a renewed one continues. */
  readonly original?: UserClaims | null
}

const MINUTE = 60_000
/** The largest time that a Date can hold, in milliseconds (ECMA-262 §21.4.1.1). */
const NO_TIME = 8.64e15

interface JoseHeader {
  readonly alg: string
  readonly kid?: unknown
  readonly typ?: unknown
  readonly b64?: unknown
}

/**
 * Verifies an ID token in full (OpenID Connect Core §3.1.3.7, §12.2): oauth4webapi checks its form,
 * issuer, audience, algorithm and signature, and this file checks the rest. If no key fits, the key
 * set is read once more, because providers change their keys.
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
): Promise<UserClaims> {
  const { id_token: idToken = '', access_token: accessToken } = tokens
  // Decoders are lenient, but only the strict compact form is accepted (RFC 7515 §7.1).
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(idToken)) throw refuseIdToken('no signed JWT')
  // Not by `Response.json`, which Safari 16 and Firefox 114 lack.
  const headers = { 'content-type': 'application/json' }
  const response = new Response(JSON.stringify(tokens), { headers })
  let claims: UserClaims
  let header: JoseHeader
  try {
    // oauth4webapi's checks of time are switched off, and its refresh variant expects no nonce and
    // no max_age: checkClaims() does all of that, and allows for a device whose clock is wrong.
    const client = { client_id: clientId, [clockTolerance]: Number.MAX_SAFE_INTEGER }
    const processed = await processRefreshTokenResponse(metadata as never, client, response)
    claims = getValidatedIdTokenClaims(processed) as UserClaims
    const [head = '', payload = ''] = idToken.split('.')
    header = parseSegment(head) as JoseHeader
    // Only to refuse a payload that is not UTF-8: oauth4webapi has read the claims.
    parseSegment(payload)
  } catch (error) {
    throw refuseIdToken((error as Error).message)
  }
  await checkClaims(claims, header, accessToken, clientId, expected, now)
  await verifySignature(response, metadata, keys, header.kid)
  return claims
}

/** Whether `aud` holds strings only, the same as in `other`, in any order. */
function isSameAudience({ aud }: UserClaims, other: UserClaims): boolean {
  const textOf = (names: unknown) => JSON.stringify([names].flat().sort())
  // Checked first: sorting turns values into text, which throws for a hostile object.
  const areTexts = [aud].flat().every((name) => typeof name === 'string')
  return areTexts && textOf(aud) === textOf(other.aud)
}

async function checkClaims(
  claims: UserClaims,
  header: JoseHeader,
  accessToken: string,
  clientId: string,
  { nonce, maxAge, acrValues, original }: ExpectedIdToken,
  now: number,
): Promise<void> {
  const { iat, exp, at_hash: hash } = claims
  const { typ = 'jwt' } = header
  const [notBefore, authTime] = [Number(claims.nbf ?? 0), Number(claims.auth_time)]
  const offset = iat * 1000 - now
  const gap = Math.abs(offset)
  // A clock that jumped during a session does not end that session.
  if (!original && exp > iat && gap > 15 * MINUTE && gap < NO_TIME) {
    throw clockSkew(offset)
  }
  // By the provider's clock if it is more than a minute off ours, less a minute of tolerance.
  const earliest = now + (gap > MINUTE ? offset : 0) - MINUTE
  // The original ID token may have had no `auth_time`.
  const first: UserClaims = { auth_time: claims.auth_time, ...(original ?? claims) }
  const continues = (name: string) => claims[name] === undefined || claims[name] === first[name]
  const checks: { readonly [what: string]: boolean } = {
    typ: typeof typ === 'string' && /^(application\/)?jwt$/i.test(typ) && header.b64 === undefined,
    sub: /^[\x20-\x7e]{1,255}$/.test(claims.sub) && continues('sub'),
    aud: isSameAudience(claims, first),
    azp: claims.azp === first.azp && (claims.azp === undefined || claims.azp === clientId),
    nonce: nonce ? claims.nonce === nonce : continues('nonce'),
    // A minute of tolerance, because the clocks of a provider's servers may differ.
    iat: exp > iat && iat >= (original?.iat ?? iat) - 60 && gap < NO_TIME,
    exp: exp * 1000 > earliest && exp < Infinity,
    nbf: notBefore * 1000 <= earliest + 2 * MINUTE,
    auth_time: continues('auth_time') && isOfAge(authTime, maxAge, earliest),
    acr: !acrValues?.length || acrValues.includes(claims.acr as string),
    at_hash: hash === undefined || hash === (await halfHash(header.alg, accessToken, hash)),
  }
  // Some providers ignore `nonce`, `max_age` or `acr_values`: that is not a wrong value.
  const nameOf = (what: string) => (what in { typ, ...claims } ? what : `${what} is missing`)
  const failed = Object.keys(checks).find((what) => !checks[what])
  if (failed) throw refuseIdToken(nameOf(failed))
}

/**
 * Whether a sign-in is not longer ago than `maxAge`, and not in the future. `authTime` and `maxAge`
 * are in seconds, `earliest` is in milliseconds.
 */
function isOfAge(authTime: number, maxAge: number | undefined, earliest: number): boolean {
  if (maxAge === undefined) return true
  return (authTime + maxAge) * 1000 >= earliest && authTime * 1000 <= earliest + 2 * MINUTE
}

/** Parses a segment of a JWT. Unlike oauth4webapi, refuses what is not UTF-8 (RFC 7519 §7.2). */
function parseSegment(segment: string): unknown {
  const bytes = atob(segment.replace(/-/g, '+').replace(/_/g, '/'))
  const decoder = new TextDecoder('utf-8', { fatal: true })
  return JSON.parse(decoder.decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))))
}

/** Checks the signature. If no key fits, the key set is read once more: providers change keys. */
async function verifySignature(
  response: Response,
  metadata: ProviderMetadata,
  keys: KeySource,
  kid: unknown,
): Promise<void> {
  let failure = 'signature'
  for (const fresh of [false, true]) {
    let problem = ''
    for (const jwks of candidates(await keys(fresh), kid)) {
      try {
        // A copy of the metadata, because oauth4webapi caches keys by the object; a `uat` that is
        // never too old, because this function decides when to fetch keys again.
        return await validateApplicationLevelSignature({ ...metadata } as never, response, {
          [jwksCache]: { jwks: jwks as never, uat: Number.MAX_SAFE_INTEGER },
        })
      } catch (error) {
        problem = `, ${(error as Error).message}`
      }
    }
    if (!failure.endsWith(problem)) failure += problem
  }
  throw refuseIdToken(failure)
}

/** Returns the key set or, if several of its keys have the `kid`, a set for each of those keys. */
function candidates(set: KeySet | undefined, kid: unknown): readonly KeySet[] {
  const named = set?.keys.filter((key) => (key as { kid?: unknown }).kid === kid) ?? []
  if (typeof kid === 'string' && named.length > 1) return named.map((key) => ({ keys: [key] }))
  return set ? [set] : []
}

/**
 * Returns the left half of a token's hash, for comparison with `at_hash` (OpenID Connect Core
 * §3.1.3.6). That section does not say which hash goes with Ed25519: by the length of the claim, it
 * is SHA-512, or SHA-256 as Glewlwyd uses it.
 */
async function halfHash(alg: string, token: string, claim: unknown): Promise<string> {
  const bits =
    /^.S(\d+)/.exec(alg)?.[1] ?? (typeof claim === 'string' && claim.length > 22 ? 512 : 256)
  const digest = await crypto.subtle.digest(`SHA-${bits}`, new TextEncoder().encode(token))
  const half = new Uint8Array(digest, 0, digest.byteLength / 2)
  return btoa(String.fromCharCode(...half))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '')
}

function clockSkew(offset: number): AuthError {
  const minutes = Math.round(Math.abs(offset) / MINUTE)
  return new AuthError(
    'clock_skew',
    `The clock of this device is ${minutes} minutes ${offset < 0 ? 'ahead' : 'behind'}: set it.`,
    { offset },
  )
}

/** Returns the error for an ID token; `what` names the check that it did not pass. */
export function refuseIdToken(what: string): AuthError {
  return new AuthError('id_token_invalid', `The ID token is refused: ${what}.`)
}
