import fc from 'fast-check'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { AuthError } from '../../../src/errors.ts'
import { assertClaims } from '../../../src/protocol/assert-claims.ts'
import { readMetadata } from '../../../src/protocol/read-metadata.ts'
import { type ExpectedIdToken, verifyIdToken } from '../../../src/protocol/verify-id-token.ts'
import { hostileJson } from './hostile-json.ts'
import { keepPrototype, METADATA, TOKENS, verdictOf } from './parsing.ts'

keepPrototype()

const REFUSED = 'id_token_invalid: The ID token is refused: c.'

test.for<[unknown, unknown, string | undefined]>([
  [{ essential: true, value: false }, false, undefined],
  [{ essential: true, value: false }, true, REFUSED],
  [{ essential: true, value: 0 }, 1, REFUSED],
  [{ essential: true, value: true }, 'true', REFUSED],
  [{ essential: true, values: ['a', 'b'] }, 'b', undefined],
  [{ essential: true, values: ['a', 'b'] }, 'c', REFUSED],
  [{ essential: true, value: ['a', 'b'] }, ['a', 'b'], undefined],
  [{ essential: true, value: ['a', 'b'] }, ['b', 'a'], REFUSED],
  [{ essential: true, value: 'a' }, ['b', 'a'], undefined],
  [{ value: 'a' }, 'b', undefined],
  [null, 'b', undefined],
])('assertClaims() holds to %j the claim %j: %s', ([request, claim, expected]) => {
  const claims = { c: claim } as never
  expect(verdictOf(() => assertClaims({ id_token: { c: request } }, claims))).toBe(expected)
})

test('assertClaims() holds the provider to the subject that was asked for, essential or not', () => {
  const wanted = { id_token: { sub: { value: 'alice' } } }
  const verdict = (sub: string) => verdictOf(() => assertClaims(wanted, { sub } as never))
  expect(verdict('alice')).toBe(undefined)
  expect(verdict('bob')).toBe('id_token_invalid: The ID token is refused: sub.')
})

test('verifyIdToken() refuses with a typed error what nobody has signed, whatever it is', async () => {
  const metadata = readMetadata(METADATA, undefined, false)
  const seconds = 1_800_000_000
  const sound = { iss: METADATA.issuer, aud: 'client', sub: 'me', iat: seconds, exp: seconds + 60 }
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const header = hostileJson(['alg', 'typ', 'kid', 'b64', 'crit', 'jwk'])
  const claims = hostileJson(['nbf', 'auth_time', 'acr', 'azp', 'nonce', 'at_hash', 'aud', 'sub'])
  await fc.assert(
    fc.asyncProperty(header, claims, async (headerText, claimsText) => {
      const object = (text: string) => {
        const value = JSON.parse(text)
        return typeof value === 'object' && !Array.isArray(value) ? value : {}
      }
      const idToken = [
        encode({ alg: 'RS256', ...object(headerText) }),
        encode({ ...sound, ...object(claimsText) }),
        'AAAA',
      ].join('.')
      const tokens = { ...TOKENS, expires_in: undefined, id_token: idToken }
      const expected = { nonce: 'n', acrValues: ['a'], maxAge: 5 }
      const keys = async () => ({ keys: [] })
      const verdict = await verifyIdToken(
        tokens,
        metadata,
        'client',
        keys,
        expected,
        seconds * 1000,
      )
        .then(String)
        .catch((error) => error)
      expect(verdict).toBeInstanceOf(AuthError)
      expect(verdict.code).toMatch(/^(id_token_invalid|clock_skew)$/)
    }),
    { numRuns: 500 },
  )
})

test.for([
  ['that will not become text', { toString: 1, valueOf: 1 }],
  ['that is null', null],
])('verifyIdToken() refuses a type %s', async ([, typ]) => {
  const header = { alg: 'RS256', typ }
  const claims = { iss: METADATA.issuer, aud: 'client', sub: 'me', iat: 1, exp: 61 }
  const parts = [header, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  const tokens = { ...TOKENS, expires_in: undefined, id_token: `${parts.join('.')}.AAAA` }
  const metadata = readMetadata(METADATA, undefined, false)
  await expect(
    verifyIdToken(tokens, metadata, 'client', async () => undefined, {}, 1000),
  ).rejects.toMatchObject({ code: 'id_token_invalid', message: 'The ID token is refused: typ.' })
})

const SECONDS = 1_800_000_000

const KEYS = await generateKeyPair('ES256')

const KEY = { ...(await exportJWK(KEYS.publicKey)), kid: 'one' }

/** Verifies a sound ID token with these changes, in that second. */
async function verdictOnToken(
  claims: object,
  expected: ExpectedIdToken = {},
  header: object = {},
  keys: readonly object[] = [KEY],
): Promise<unknown> {
  const sound = { iss: METADATA.issuer, aud: 'client', sub: 'alice', iat: SECONDS }
  const id_token = await new SignJWT({ ...sound, exp: SECONDS + 300, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'one', ...header })
    .sign(KEYS.privateKey)
  const tokens = { ...TOKENS, expires_in: undefined, id_token }
  const algorithms = { id_token_signing_alg_values_supported: ['ES256'] }
  const metadata = readMetadata({ ...METADATA, ...algorithms }, undefined, false)
  return verifyIdToken(
    tokens,
    metadata,
    'client',
    async () => ({ keys }),
    expected,
    SECONDS * 1000,
  ).then(
    () => 'accepted',
    ({ code, message }) => `${code}: ${message}`,
  )
}

const refusalFor = (what: string) => `id_token_invalid: The ID token is refused: ${what}.`

const renewedAt = (iat: number): ExpectedIdToken => ({
  original: { iss: METADATA.issuer, aud: 'client', sub: 'alice', iat, exp: iat + 300 },
})

test.for<[claims: object, expected: ExpectedIdToken, verdict: string]>([
  [{}, {}, 'accepted'],
  [{ nbf: SECONDS + 60 }, {}, 'accepted'],
  [{ nbf: SECONDS + 61 }, {}, refusalFor('nbf')],
  [{ exp: SECONDS }, {}, refusalFor('iat')],
  // A clock that is more than a minute off is the device's.
  [{ iat: SECONDS - 60, exp: SECONDS - 59 }, {}, 'accepted'],
  [{ iat: SECONDS + 600, exp: SECONDS + 601, nbf: SECONDS + 660 }, {}, 'accepted'],
  [{ iat: SECONDS + 600, exp: SECONDS + 900, nbf: SECONDS + 661 }, {}, refusalFor('nbf')],
  [{ iat: SECONDS - 600, exp: SECONDS - 300 }, {}, 'accepted'],
  [{ iat: SECONDS - 900, exp: SECONDS }, {}, 'accepted'],
  [
    { iat: SECONDS - 960, exp: SECONDS },
    {},
    'clock_skew: The clock of this device is 16 minutes ahead: set it.',
  ],
  [
    { iat: SECONDS + 960, exp: SECONDS + 1_200 },
    {},
    'clock_skew: The clock of this device is 16 minutes behind: set it.',
  ],
  // A session outlasts a clock that jumps.
  [{ iat: SECONDS + 960, exp: SECONDS + 1_200 }, renewedAt(SECONDS), 'accepted'],
  [{}, renewedAt(SECONDS + 60), 'accepted'],
  [{}, renewedAt(SECONDS + 61), refusalFor('iat')],
  [{ sub: 's'.repeat(255) }, {}, 'accepted'],
  [{ sub: 's'.repeat(256) }, {}, refusalFor('sub')],
  [{ auth_time: SECONDS - 360 }, { maxAge: 300 }, 'accepted'],
  [{ auth_time: SECONDS - 361 }, { maxAge: 300 }, refusalFor('auth_time')],
  [{ auth_time: SECONDS - 60 }, { maxAge: 0 }, 'accepted'],
  [{ auth_time: SECONDS - 61 }, { maxAge: 0 }, refusalFor('auth_time')],
  [{ auth_time: SECONDS + 60 }, { maxAge: 300 }, 'accepted'],
  [{ auth_time: SECONDS + 61 }, { maxAge: 300 }, refusalFor('auth_time')],
  [{}, { maxAge: 300 }, refusalFor('auth_time is missing')],
  [{ auth_time: SECONDS }, renewedAt(SECONDS), 'accepted'],
  [{}, { acrValues: [] }, 'accepted'],
  [{ acr: 'b' }, { acrValues: ['a', 'b'] }, 'accepted'],
  [{}, { acrValues: ['a'] }, refusalFor('acr is missing')],
  [{ azp: 'client' }, {}, 'accepted'],
  [{ azp: 'other' }, {}, refusalFor('azp')],
  [{ nonce: 'n' }, { nonce: 'n' }, 'accepted'],
  [{ nonce: 'n' }, renewedAt(SECONDS), refusalFor('nonce')],
])('verifyIdToken() makes of %j, expecting %j: %s', async ([claims, expected, verdict]) => {
  expect(await verdictOnToken(claims, expected)).toBe(verdict)
})

test.for([
  [{ typ: 'JWT' }, 'accepted'],
  [{ typ: 'application/jwt' }, 'accepted'],
  [{ typ: 'at+jwt' }, refusalFor('typ')],
  [{ typ: 'jwt-like' }, refusalFor('typ')],
])('verifyIdToken() makes of the header %j: %s (R53)', async ([header, verdict]) => {
  expect(await verdictOnToken({}, {}, header as object)).toBe(verdict)
})

test('verifyIdToken() tries each key of the kid, however many there are (R54)', async () => {
  const other = await generateKeyPair('ES256')
  const another = { ...(await exportJWK(other.publicKey)), kid: 'one' }
  expect(await verdictOnToken({}, {}, {}, [another, KEY])).toBe('accepted')
  expect(await verdictOnToken({}, {}, {}, [KEY, another])).toBe('accepted')
  expect(await verdictOnToken({}, {}, {}, [another, another])).toMatch(
    /^id_token_invalid: The ID token is refused: signature, /,
  )
})
