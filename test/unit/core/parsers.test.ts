import fc from 'fast-check'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterEach, expect, test } from 'vitest'
import { readCallback } from '../../../src/client/read-callback.ts'
import { AuthError } from '../../../src/errors.ts'
import { listResource, matchResource } from '../../../src/http/match-resource.ts'
import { assertClaims } from '../../../src/protocol/assert-claims.ts'
import { authorizationUrl } from '../../../src/protocol/authorization-request.ts'
import {
  readAuthorizationCode,
  readResponseState,
} from '../../../src/protocol/authorization-response.ts'
import { discoverMetadata, fetchKeySet } from '../../../src/protocol/discover.ts'
import { endSessionUrl } from '../../../src/protocol/end-session-url.ts'
import { fetchUserInfo } from '../../../src/protocol/fetch-user-info.ts'
import { readChallenges } from '../../../src/protocol/read-challenges.ts'
import { readFailure } from '../../../src/protocol/read-failure.ts'
import { cleanText } from '../../../src/protocol/read-json.ts'
import { readKeySet, readMetadata } from '../../../src/protocol/read-metadata.ts'
import { readTokenResponse } from '../../../src/protocol/read-token-response.ts'
import { revokeToken } from '../../../src/protocol/revoke-token.ts'
import type { Answer, Transport } from '../../../src/protocol/transport.ts'
import { type ExpectedIdToken, verifyIdToken } from '../../../src/protocol/verify-id-token.ts'
import { hostileJson } from './hostile-json.ts'

const PRISTINE = Object.getOwnPropertyNames(Object.prototype).sort()

afterEach(() => {
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(PRISTINE)
})

const METADATA = {
  issuer: 'https://login.example/app/',
  authorization_endpoint: 'https://login.example/authorize',
  token_endpoint: 'https://login.example/token',
}

const answerOf = (json: unknown, status = 200, headers = {}): Answer => ({
  status,
  json,
  headers: new Headers(headers),
  receivedAt: 2_000,
})

/** What it gives, or the code and message of the error it throws; anything else is thrown on. */
function verdictOf(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    if (error instanceof AuthError) return `${error.code}: ${error.message}`
    throw error
  }
}

// --- token responses

const TOKENS = { access_token: 'at', token_type: 'Bearer' }

test.for<[object, object | string]>([
  [TOKENS, { ...TOKENS, expires_in: undefined }],
  [
    { ...TOKENS, token_type: 'bEaReR' },
    { ...TOKENS, token_type: 'bEaReR', expires_in: undefined },
  ],
  [
    { ...TOKENS, expires_in: 3600 },
    { ...TOKENS, expires_in: 3600 },
  ],
  [
    { ...TOKENS, expires_in: '3600' },
    { ...TOKENS, expires_in: 3600 },
  ],
  [
    { ...TOKENS, expires_in: 0 },
    { ...TOKENS, expires_in: 0 },
  ],
  [
    { ...TOKENS, expires_in: 1.5 },
    { ...TOKENS, expires_in: 1.5 },
  ],
  [
    { ...TOKENS, expires_in: -1 },
    { ...TOKENS, expires_in: undefined },
  ],
  [
    { ...TOKENS, expires_in: 1e300 },
    { ...TOKENS, expires_in: undefined },
  ],
  [
    { ...TOKENS, expires_in: 'soon' },
    { ...TOKENS, expires_in: undefined },
  ],
  [
    { ...TOKENS, expires_in: null },
    { ...TOKENS, expires_in: undefined },
  ],
  [
    { ...TOKENS, expires_in: true },
    { ...TOKENS, expires_in: undefined },
  ],
  [
    { ...TOKENS, expires_in: [3600] },
    { ...TOKENS, expires_in: undefined },
  ],
  [
    { ...TOKENS, expires_in: { toString: 1, valueOf: 1 } },
    { ...TOKENS, expires_in: undefined },
  ],
  [
    { ...TOKENS, scope: null, id_token: '', refresh_token: null },
    { ...TOKENS, expires_in: undefined },
  ],
  [
    { ...TOKENS, unknown: { deep: [1] } },
    { ...TOKENS, expires_in: undefined },
  ],
  [{}, 'token_response_invalid: The token response has no usable access_token.'],
  [
    { token_type: 'Bearer' },
    'token_response_invalid: The token response has no usable access_token.',
  ],
  [
    { ...TOKENS, access_token: '' },
    'token_response_invalid: The token response has no usable access_token.',
  ],
  [
    { ...TOKENS, access_token: 5 },
    'token_response_invalid: The token response has no usable access_token.',
  ],
  [
    { ...TOKENS, access_token: 'a b' },
    'token_response_invalid: The token response has no usable access_token.',
  ],
  [
    { ...TOKENS, access_token: 'a\r\nx: y' },
    'token_response_invalid: The token response has no usable access_token.',
  ],
  [
    { ...TOKENS, access_token: 'caf\u00e9' },
    'token_response_invalid: The token response has no usable access_token.',
  ],
  [{ access_token: 'at' }, 'token_response_invalid: The token response has no usable token_type.'],
  [
    { ...TOKENS, token_type: 'DPoP' },
    'token_response_invalid: The token response has no usable token_type.',
  ],
  [
    { ...TOKENS, token_type: ['Bearer'] },
    'token_response_invalid: The token response has no usable token_type.',
  ],
  [{ ...TOKENS, scope: ['a'] }, 'token_response_invalid: The token response has no usable scope.'],
  [
    { ...TOKENS, refresh_token: 5 },
    'token_response_invalid: The token response has no usable refresh_token.',
  ],
  [
    { ...TOKENS, id_token: {} },
    'token_response_invalid: The token response has no usable id_token.',
  ],
  [
    { ...TOKENS, error: 'invalid_grant' },
    'token_request_refused: The provider refused: invalid_grant.',
  ],
  [[TOKENS], 'token_response_invalid: The token response has no usable access_token.'],
])('readTokenResponse() makes of %j %j', ([json, expected]) => {
  expect(verdictOf(() => readTokenResponse(answerOf(json), 'bearer'))).toEqual(expected)
})

test('readTokenResponse() reads own members alone', () => {
  const json = JSON.parse('{"__proto__":{"access_token":"evil","token_type":"Bearer"}}')
  const inherited = Object.create({ access_token: 'evil', token_type: 'Bearer' })
  for (const each of [json, inherited]) {
    expect(verdictOf(() => readTokenResponse(answerOf(each), 'bearer'))).toBe(
      'token_response_invalid: The token response has no usable access_token.',
    )
  }
})

test('readTokenResponse() gives a sound response or a typed error, whatever comes', () => {
  const names = ['access_token', 'token_type', 'expires_in', 'scope', 'id_token', 'error']
  fc.assert(
    fc.property(
      hostileJson(names),
      fc.constantFrom(200, 200, 200, 201, 400, 500),
      (text, status) => {
        const verdict = verdictOf(() =>
          readTokenResponse(answerOf(JSON.parse(text), status), 'bearer'),
        )
        if (typeof verdict === 'string') return
        const tokens = verdict as Record<string, unknown>
        expect(status).toBe(200)
        expect(tokens.access_token).toMatch(/^[\x21-\x7e]+$/)
        expect(String(tokens.token_type).toLowerCase()).toBe('bearer')
        expect(tokens.expires_in === undefined || Number(tokens.expires_in) >= 0).toBe(true)
      },
    ),
    { numRuns: 2000 },
  )
})

// --- metadata and keys

test.for<[string, object | undefined, string]>([
  [
    'without an issuer',
    { issuer: undefined },
    'discovery_invalid: The provider has no usable issuer, which has to be exactly "https://login.example/app/".',
  ],
  [
    'of another issuer',
    { issuer: 'https://evil.example/' },
    'discovery_invalid: The provider has no usable issuer, which has to be exactly "https://login.example/app/".',
  ],
  [
    'whose issuer has no slash',
    { issuer: 'https://login.example/app' },
    'discovery_invalid: The provider has no usable issuer, which has to be exactly "https://login.example/app/".',
  ],
  [
    'whose issuer is in upper case',
    { issuer: 'https://LOGIN.example/app/' },
    'discovery_invalid: The provider has no usable issuer, which has to be exactly "https://login.example/app/".',
  ],
  [
    'without an authorization endpoint',
    { authorization_endpoint: undefined },
    'discovery_invalid: The provider has no usable authorization_endpoint.',
  ],
  [
    'without a token endpoint',
    { token_endpoint: undefined },
    'discovery_invalid: The provider has no usable token_endpoint.',
  ],
  [
    'of a javascript: endpoint',
    { authorization_endpoint: 'javascript:alert(1)//' },
    'insecure_url: The authorization_endpoint of the provider is not an https: URL.',
  ],
  [
    'of a data: endpoint',
    { authorization_endpoint: 'data:text/html,hi' },
    'insecure_url: The authorization_endpoint of the provider is not an https: URL.',
  ],
  [
    'of an http: endpoint',
    { token_endpoint: 'http://login.example/token' },
    'insecure_url: The token_endpoint of the provider is not an https: URL.',
  ],
  [
    'of an endpoint on loopback',
    { token_endpoint: 'http://localhost/token' },
    'insecure_url: The token_endpoint of the provider is not an https: URL.',
  ],
  [
    'of an endpoint with a password',
    { token_endpoint: 'https://a:b@login.example/token' },
    'insecure_url: The token_endpoint of the provider is not an https: URL.',
  ],
  [
    'of an endpoint with a password and no user',
    { token_endpoint: 'https://:b@login.example/token' },
    'insecure_url: The token_endpoint of the provider is not an https: URL.',
  ],
  [
    'of an endpoint with a fragment',
    { token_endpoint: 'https://login.example/token#x' },
    'insecure_url: The token_endpoint of the provider is not an https: URL.',
  ],
  [
    'of an endpoint with an empty fragment',
    { token_endpoint: 'https://login.example/token#' },
    'insecure_url: The token_endpoint of the provider is not an https: URL.',
  ],
  [
    'of an endpoint that is a list',
    { token_endpoint: ['https://login.example/token'] },
    'insecure_url: The token_endpoint of the provider is not an https: URL.',
  ],
  [
    'without S256',
    { code_challenge_methods_supported: ['plain'] },
    'discovery_invalid: The provider has no usable PKCE with S256.',
  ],
  [
    'of a key set that is none',
    { jwks: { keys: 'all' } },
    'discovery_invalid: The provider has no usable list of keys.',
  ],
])('readMetadata() refuses metadata %s', ([, changes, expected]) => {
  expect(verdictOf(() => readMetadata({ ...METADATA, ...changes }, METADATA.issuer, false))).toBe(
    expected,
  )
})

const ALGORITHMS = [
  ...['RS', 'PS', 'ES'].flatMap((name) => ['256', '384', '512'].map((bits) => name + bits)),
  'EdDSA',
  'Ed25519',
]

test('readMetadata() leaves out optional endpoints that are of no use, and takes other hosts', () => {
  const metadata = readMetadata(
    {
      ...METADATA,
      token_endpoint: 'https://tokens.example/token',
      userinfo_endpoint: 'http://login.example/userinfo',
      end_session_endpoint: 'javascript:alert(1)',
      jwks_uri: 'https://keys.example/',
      id_token_signing_alg_values_supported: ['none', 'HS256', 'RS1', 'ES256K', 5, ...ALGORITHMS],
    },
    METADATA.issuer,
    false,
  )
  expect(metadata).toEqual({
    ...METADATA,
    token_endpoint: 'https://tokens.example/token',
    jwks_uri: 'https://keys.example/',
    id_token_signing_alg_values_supported: ALGORITHMS,
  })
  expect(Object.isFrozen(metadata)).toBe(true)
})

test('readMetadata() gives sound metadata or a typed error, whatever comes', () => {
  const names = [
    'issuer',
    'authorization_endpoint',
    'token_endpoint',
    'jwks_uri',
    'jwks',
    'keys',
    'userinfo_endpoint',
    'code_challenge_methods_supported',
    'id_token_signing_alg_values_supported',
  ]
  fc.assert(
    fc.property(hostileJson(names), fc.boolean(), (text, sound) => {
      const json = JSON.parse(text)
      const document = sound && json ? { ...json, ...METADATA } : json
      const verdict = verdictOf(() => readMetadata(document, METADATA.issuer, false))
      if (typeof verdict === 'string') return
      for (const [name, value] of Object.entries(verdict as object)) {
        if (/_(endpoint|uri)$/.test(name)) expect(value).toMatch(/^https:\/\//)
      }
    }),
    { numRuns: 2000 },
  )
})

test('discoverMetadata() adds an endpoint that the provider has and does not name, and replaces none', async () => {
  const own = { ...METADATA, revocation_endpoint: 'https://login.example/revoke' }
  const other = { revocation_endpoint: 'https://other.example/revoke' }
  const read = (document: object) =>
    discoverMetadata(
      async () => answerOf(document),
      'https://login.example/',
      undefined,
      false,
      other,
    )
  expect((await read(METADATA)).revocation_endpoint).toBe(other.revocation_endpoint)
  expect((await read(own)).revocation_endpoint).toBe(own.revocation_endpoint)
})

test('discoverMetadata() leaves the app the keys that it hands in itself, also beside an address of keys (R135)', async () => {
  const given = { ...METADATA, jwks_uri: 'https://login.example/keys', jwks: { keys: [] } }
  const transport = async () => answerOf(given)
  const read = (source: typeof given | string) =>
    discoverMetadata(transport, source, undefined, false, undefined)
  expect((await read(given)).jwks).toEqual({ keys: [] })
  // What is behind the address of the keys is kept up to date.
  expect((await read('https://login.example/')).jwks).toBeUndefined()
})

test('discoverMetadata() takes the keys in metadata that names no address of keys', async () => {
  const read = discoverMetadata(
    async () => answerOf({ ...METADATA, jwks: { keys: [] } }),
    'https://login.example/',
    undefined,
    false,
    undefined,
  )
  expect((await read).jwks).toEqual({ keys: [] })
})

test('readKeySet() gives a list of objects or a typed error, whatever comes', () => {
  fc.assert(
    fc.property(hostileJson(['keys', 'kty', 'kid']), (text) => {
      const verdict = verdictOf(() => readKeySet(JSON.parse(text)))
      if (typeof verdict === 'string') return
      const { keys } = verdict as { keys: unknown[] }
      expect(keys.every((key) => typeof key === 'object' && key && !Array.isArray(key))).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('endSessionUrl() has each parameter once, and none without an ID token (R121)', () => {
  const metadata = {
    ...METADATA,
    end_session_endpoint: 'https://login.example/end?client_id=x&a=b',
  }
  const url = endSessionUrl(metadata, 'client', 'jwt', 'https://app.example/')
  expect([...new URL(url ?? '').searchParams]).toEqual([
    ['client_id', 'client'],
    ['a', 'b'],
    ['id_token_hint', 'jwt'],
    ['post_logout_redirect_uri', 'https://app.example/'],
    ['state', expect.stringMatching(/^[\w-]{43}$/)],
  ])
  expect(endSessionUrl(metadata, 'client', undefined, 'https://app.example/')).toBeUndefined()
})

test.for([
  ['https://login.example/OAuth2/Revoke/taxefile', undefined],
  ['https://login.example/oauth2/revoke/TaxEfile', undefined],
  [
    'https://login.example/OAuth2/EndSession/taxefile',
    'https://login.example/OAuth2/EndSession/taxefile?id_token_hint=jwt&client_id=client',
  ],
] as const)('endSessionUrl() takes the revocation endpoint for none: %s', ([endpoint, url]) => {
  const metadata = {
    ...METADATA,
    end_session_endpoint: endpoint,
    revocation_endpoint: 'https://login.example/OAuth2/Revoke/taxefile',
  }
  expect(endSessionUrl(metadata, 'client', 'jwt', undefined)).toBe(url)
})

test('endSessionUrl() has no state where nobody comes back (R121)', () => {
  const metadata = { ...METADATA, end_session_endpoint: 'https://login.example/end' }
  expect(endSessionUrl(metadata, 'client', 'jwt', undefined)).toBe(
    'https://login.example/end?id_token_hint=jwt&client_id=client',
  )
})

// --- UserInfo

test.for([
  [200, { sub: 'alice', name: 'Alice' }, { sub: 'alice', name: 'Alice' }],
  ...[201, 204, 302, 401, 404].map(
    (status) =>
      [
        status,
        { sub: 'alice' },
        `userinfo_invalid: The UserInfo endpoint answered with status ${status} and not about this user.`,
      ] as const,
  ),
  [
    200,
    { sub: 'bob' },
    'userinfo_invalid: The UserInfo endpoint answered with status 200 and not about this user.',
  ],
] as const)('fetchUserInfo() makes of %i %j: %j (R65)', async ([status, json, expected]) => {
  const sent: unknown[] = []
  const transport: Transport = async (...request) => {
    sent.push(request)
    return answerOf(json, status)
  }
  const verdict = await fetchUserInfo(
    { transport, binding: undefined, clientId: 'client' },
    { ...METADATA, userinfo_endpoint: 'https://login.example/userinfo' },
    { tokenType: 'Bearer', accessToken: 'token' },
    'alice',
    undefined,
  ).catch(({ code, message }) => `${code}: ${message}`)
  expect(verdict).toEqual(expected)
  expect(Object.isFrozen(verdict)).toBe(true)
  expect(sent).toEqual([
    [
      'https://login.example/userinfo',
      'userinfo_invalid',
      undefined,
      { authorization: 'Bearer token' },
    ],
  ])
})

test('revokeToken() says which client it is, and never rejects (R120)', async () => {
  const sent: unknown[] = []
  const transport: Transport = async (url, _, body) => {
    sent.push([url, String(body)])
    throw new AuthError('network', 'gone')
  }
  const metadata = { ...METADATA, revocation_endpoint: 'https://login.example/revoke' }
  await revokeToken({ transport, clientId: 'client' }, metadata, 'a token')
  expect(sent).toEqual([['https://login.example/revoke', 'token=a+token&client_id=client']])
})

// --- ID tokens

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

// --- failures and challenges

test.for<[number, object | undefined, object, object]>([
  [
    400,
    { error: 'invalid_grant', error_description: 'used' },
    {},
    {
      code: 'token_request_refused',
      providerError: 'invalid_grant',
      providerErrorDescription: 'used',
      retryable: false,
    },
  ],
  [400, undefined, {}, { code: 'provider_unavailable', retryable: true }],
  [408, { error: 'invalid_grant' }, {}, { code: 'provider_unavailable', retryable: true }],
  [429, undefined, { 'retry-after': '7' }, { code: 'provider_unavailable', retryAfter: 7000 }],
  [503, undefined, { 'retry-after': 'Thu, 01 Jan 1970 00:00:09 GMT' }, { retryAfter: 7000 }],
  [503, undefined, { 'retry-after': 'Wed, 31 Dec 1969 00:00:00 GMT' }, { retryAfter: undefined }],
  [503, undefined, { 'retry-after': 'soon' }, { retryAfter: undefined }],
  [503, undefined, { 'retry-after': '0' }, { retryAfter: undefined }],
  [503, undefined, { 'retry-after': '999999999' }, { retryAfter: 2 ** 31 - 1 }],
  [503, undefined, { 'retry-after': '99999999999999' }, { retryAfter: undefined }],
  [
    400,
    { error: 'temporarily_unavailable' },
    {},
    { code: 'provider_unavailable', retryable: true },
  ],
  // A refusal without a reason, as a bare status is one.
  ...[{ error: { toString: 1 } }, { error: '' }, { message: 'bad request' }].map(
    (json): [number, object, object, object] => [
      400,
      json,
      {},
      { code: 'token_request_refused', providerError: undefined, retryable: true },
    ],
  ),
  [400, { error: 'server_error' }, {}, { code: 'provider_unavailable', retryable: true }],
  // Some providers send an error with 200.
  [200, { error: 'access_denied' }, {}, { code: 'token_request_refused', retryable: false }],
  // A gateway's as likely.
  [401, { message: 'no key' }, {}, { code: 'provider_unavailable', retryable: true }],
  [403, { message: 'Forbidden' }, {}, { code: 'provider_unavailable', retryable: true }],
  [400, { error: 'slow_down' }, {}, { code: 'provider_unavailable', retryable: true }],
  // Whatever the status, these are an OAuth error's.
  ...['invalid_scope', 'unauthorized_client', 'unsupported_grant_type'].map(
    (error): [number, object, object, object] => [
      404,
      { error },
      {},
      { code: 'token_request_refused', providerError: error, retryable: false },
    ],
  ),
  [403, null as never, {}, { code: 'token_request_refused', retryable: true }],
  [200, null as never, {}, { code: 'provider_unavailable', retryable: true }],
  [404, { message: 'no route' }, {}, { code: 'provider_unavailable', retryable: true }],
])('readFailure() makes of %i %j %j an error like %j', ([status, json, headers, expected]) => {
  expect(readFailure(answerOf(json, status, headers))).toMatchObject(expected)
})

test('readFailure() repeats what a provider says cut and without what could deceive', () => {
  const text = `\u202eevil\u0000\r\n\u2028\u2029\ud800${'x'.repeat(5000)}`
  const error = readFailure(answerOf({ error: text, error_description: text }, 400))
  for (const said of [error.providerError, error.providerErrorDescription]) {
    expect(said).toMatch(/^evilx+$/)
    expect(said?.length).toBeLessThanOrEqual(512)
  }
  expect(error.message).not.toMatch(/\p{C}/u)
})

test('cleanText() hides a secret each time, and none that is shorter than four characters', () => {
  expect(cleanText(`${'abcd '.repeat(9)}abc`, ['abcd', 'abc'])).toBe(`${'... '.repeat(9)}abc`)
})

test('readChallenges() reads what is well-formed and gives nothing otherwise, in linear time', async () => {
  expect(
    await readChallenges('Bearer realm="a, b", error="insufficient_scope", scope="x y"'),
  ).toEqual([
    { scheme: 'bearer', parameters: { realm: 'a, b', error: 'insufficient_scope', scope: 'x y' } },
  ])
  const several = await readChallenges('Basic realm="x", BEARER Error=invalid_token')
  expect(several.map(({ scheme }) => scheme)).toEqual(['basic', 'bearer'])
  // Space before a comma is allowed (RFC 9110 §5.6.1), and is kept within quotes.
  expect(
    await readChallenges(
      'Basic \t, Bearer realm="a , \\" , b" , error=invalid_token \t, Digest , DPoP',
    ),
  ).toEqual([
    { scheme: 'basic', parameters: {} },
    { scheme: 'bearer', parameters: { realm: 'a , " , b', error: 'invalid_token' } },
    { scheme: 'digest', parameters: {} },
    { scheme: 'dpop', parameters: {} },
  ])
  // So are elements that are empty (RFC 9110 §5.6.1.2), first, last and between.
  const bearer = { scheme: 'bearer', parameters: { error: 'a', scope: 'b, ,c' } }
  for (const header of [
    'Bearer , error="a", scope="b, ,c"',
    ',, Bearer error = "a",, scope="b, ,c" ,',
    'Bearer,error="a" , ,scope="b, ,c",,',
    'Bearer , , error = a, scope="b, ,c" , ',
  ]) {
    expect(await readChallenges(header), header).toEqual([bearer])
  }
  expect(await readChallenges('Negotiate abc==,')).toMatchObject([{ scheme: 'negotiate' }])
  expect(await readChallenges('Basic realm="x", Negotiate,')).toEqual([
    { scheme: 'basic', parameters: { realm: 'x' } },
    { scheme: 'negotiate', parameters: {} },
  ])
  for (const header of [null, '', '=', ',,,,', 'Bearer "'.repeat(500), 'a'.repeat(1e6)]) {
    expect(await readChallenges(header)).toEqual([])
  }
  // What is longer than anybody needs is not looked at (R145).
  const longest = `Bearer error="${'x'.repeat(16_384 - 15)}"`
  expect(await readChallenges(longest)).toMatchObject([{ scheme: 'bearer' }])
  expect(await readChallenges(`${longest} `)).toEqual([])
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary-ascii', maxLength: 200 }), async (header) => {
      // Others cannot arrive in a header.
      fc.pre(/^[\x20-\x7e\t]*$/.test(header))
      expect(Array.isArray(await readChallenges(header))).toBe(true)
    }),
  )
})

// --- callbacks

test('readCallback() never throws, and leaves none of ours in what it scrubs', () => {
  const redirectUri = 'https://app.example/callback'
  const parameter = fc.tuple(
    fc.constantFrom(
      'code',
      'state',
      'error',
      'iss',
      'tab',
      'q',
      '%63ode',
      'co%64e',
      '',
      '%',
      '__proto__',
    ),
    fc.string({ unit: 'binary', maxLength: 10 }),
  )
  fc.assert(
    fc.property(fc.array(parameter), fc.array(parameter), (query, hash) => {
      const write = (all: [string, string][]) =>
        all.map(([name, value]) => `${name}=${value.replace(/[#&]/g, '')}`).join('&')
      const href = new URL(`${redirectUri}?${write(query)}#${write(hash)}`).href
      const callback = readCallback(href, redirectUri)
      if (!callback) return
      const scrubbed = new URL(callback.scrubbed)
      for (const name of ['code', 'state', 'error', 'iss']) {
        expect(scrubbed.searchParams.has(name)).toBe(false)
      }
      const own = new URL(href).searchParams.getAll('q')
      expect(scrubbed.searchParams.getAll('q')).toEqual(own)
    }),
    { numRuns: 1000 },
  )
})

test('readCallback() scrubs all that a response may have (R28)', () => {
  const redirectUri = 'https://app.example/callback'
  const names = [
    ...['code', 'state', 'iss', 'error', 'error_description', 'error_uri', 'session_state'],
    ...['response', 'access_token', 'id_token', 'token_type', 'expires_in', 'scope'],
  ]
  const query = names.map((name) => `${name}=x`).join('&')
  expect(readCallback(`${redirectUri}?${query}&tab=1#part`, redirectUri)?.scrubbed).toBe(
    `${redirectUri}?tab=1#part`,
  )
})

test.for([
  '#/orders?page=1&state=open',
  '#!/orders?code=1&state=open',
  '#/?a=1&error=2&access_token=3',
])('readCallback() leaves the view of a hash router alone: %s (R30)', (hash) => {
  const redirectUri = 'https://app.example/app/'
  expect(readCallback(`${redirectUri}?tab=1${hash}`, redirectUri)).toBe(undefined)
  const response = `?code=c&state=${'s'.repeat(43)}`
  const scrubbed = readCallback(redirectUri + response + hash, redirectUri)?.scrubbed
  expect(scrubbed).toBe(redirectUri + hash)
})

test('readResponseState() and readAuthorizationCode() give text or a typed error, whatever comes', () => {
  const metadata = readMetadata(METADATA, undefined, false)
  const parameter = fc.tuple(
    fc.constantFrom('code', 'state', 'error', 'iss', 'error_description', '__proto__', 'toString'),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(fc.array(parameter), (all) => {
      const parameters = new URLSearchParams(all)
      const state = verdictOf(() => readResponseState(parameters))
      const code = verdictOf(() => readAuthorizationCode(parameters, metadata))
      expect(typeof state).toBe('string')
      expect(typeof code).toBe('string')
    }),
    { numRuns: 1000 },
  )
})

test('readAuthorizationCode() gives the code byte for byte', () => {
  const code = 'a+b/c=%20\u00e9 \u2603~'
  const parameters = new URLSearchParams({ code })
  expect(readAuthorizationCode(parameters, readMetadata(METADATA, undefined, false))).toBe(code)
})

test('readAuthorizationCode() repeats neither code nor state out of an error', () => {
  const secret = { code: 'a-secret-code', state: 'a-secret-state' }
  const parameters = new URLSearchParams({
    ...secret,
    error: 'invalid_request',
    error_description: `no ${secret.state} for ${secret.code}`,
  })
  const metadata = readMetadata(METADATA, undefined, false)
  expect(() => readAuthorizationCode(parameters, metadata)).toThrow(
    expect.objectContaining({ providerErrorDescription: 'no ... for ...' }),
  )
})

test.for([
  [
    { error: 'access_denied' },
    'If the provider sent it, it refused the sign-in by "access_denied".',
  ],
  [{ error: 'Call 555-0100: access_denied' }, undefined],
  [{ error: 'access_denied, call 555-0100' }, undefined],
] as const)('readResponseState() makes of %j the hint %j (R25)', ([given, hint]) => {
  const refused = { code: 'callback_state', message: 'The callback has no state, or several.' }
  const read = (parameters: URLSearchParams) => () => readResponseState(parameters)
  const parameters = new URLSearchParams(given)
  expect(read(parameters)).toThrow(expect.objectContaining({ ...refused, hint }))
  parameters.set('state', '')
  expect(read(parameters)).toThrow(expect.objectContaining({ ...refused, hint }))
  parameters.set('state', 'one')
  parameters.append('state', 'two')
  expect(read(parameters)).toThrow(expect.objectContaining({ ...refused, hint: undefined }))
})

test('readResponseState() minds no parameter of the app, even if it is there twice', () => {
  expect(readResponseState(new URLSearchParams('tab=1&state=s&tab=2'))).toBe('s')
})

test.for([
  ['temporarily_unavailable', true],
  ['server_error', true],
  ['access_denied', false],
] as const)('readAuthorizationCode() says whether %s may pass: %j', ([error, retryable]) => {
  const parameters = new URLSearchParams({ error })
  expect(() => readAuthorizationCode(parameters, readMetadata(METADATA, undefined, false))).toThrow(
    expect.objectContaining({ code: 'authorization_error', providerError: error, retryable }),
  )
})

test('authorizationUrl() keeps what an endpoint asks for by itself, where nothing else is sent', () => {
  const endpoint = 'https://login.example/authorize?acr_values=high'
  const metadata = { ...METADATA, authorization_endpoint: endpoint }
  expect(authorizationUrl(metadata, new URLSearchParams({ state: 'c' }))).toBe(
    `${endpoint}&state=c`,
  )
})

test.for(['state', 'request', 'request_uri', 'response_mode', 'dpop_jkt', 'iss', 'scope'])(
  'authorizationUrl() refuses an endpoint with its own %s, whether or not one is sent',
  (name) => {
    const endpoint = `https://login.example/authorize?policy=a&${name}=b`
    const metadata = { ...METADATA, authorization_endpoint: endpoint }
    const sent = new URLSearchParams({ state: 'c', scope: 'openid' })
    expect(verdictOf(() => authorizationUrl(metadata, sent))).toBe(
      `discovery_invalid: The authorization_endpoint has its own ${name}.`,
    )
  },
)

test.for([
  [{ iss: METADATA.issuer, code: 'c' }, false, 'c'],
  [{ code: 'c' }, false, 'c'],
  [{ code: 'c' }, true, 'callback_issuer: The callback is not from the provider that was asked.'],
  [
    { iss: '', code: 'c' },
    false,
    'callback_issuer: The callback is not from the provider that was asked.',
  ],
  [
    { iss: 'https://login.example/app', code: 'c' },
    false,
    'callback_issuer: The callback is not from the provider that was asked.',
  ],
  [
    { error: 'access_denied', code: 'c' },
    false,
    'authorization_error: The provider refused the sign-in: access_denied.',
  ],
  [
    { error: 'login_required' },
    false,
    'interaction_required: The provider refused the sign-in: login_required.',
  ],
  ...(['consent', 'interaction', 'account_selection'] as const).map(
    (what) =>
      [
        { error: `${what}_required` },
        false,
        `interaction_required: The provider refused the sign-in: ${what}_required.`,
      ] as const,
  ),
  [{ error: '' }, false, 'authorization_error: The provider refused the sign-in: unknown.'],
  [
    { iss: 'https://evil.example/', error: 'access_denied' },
    false,
    'callback_issuer: The callback is not from the provider that was asked.',
  ],
  [{}, false, 'callback_invalid: The callback has no code.'],
] as const)(
  'readAuthorizationCode() makes of %j, issuer announced %j: %s',
  ([given, announced, expected]) => {
    const metadata = readMetadata(
      { ...METADATA, authorization_response_iss_parameter_supported: announced },
      undefined,
      false,
    )
    const parameters = new URLSearchParams(Object.entries(given))
    expect(verdictOf(() => readAuthorizationCode(parameters, metadata))).toBe(expected)
  },
)

test.for([
  [
    false,
    'It does not say who answers, and two providers have this redirectUri: give each its own.',
  ],
  [true, undefined],
] as const)(
  'readAuthorizationCode() tells two providers at one address apart, issuer announced %j',
  ([announced, hint]) => {
    const metadata = {
      ...readMetadata(METADATA, undefined, false),
      authorization_response_iss_parameter_supported: announced,
    }
    const parameters = new URLSearchParams({ code: 'c' })
    expect(() => readAuthorizationCode(parameters, metadata, undefined, true)).toThrow(
      expect.objectContaining({ code: 'callback_issuer', hint }),
    )
  },
)

test('a key set that is not there is named by its address, without what could turn or swell the text', async () => {
  const address = `https://login.example/\u202ekeys\n?${'?'.repeat(250_000)}`
  const verdict = fetchKeySet(async () => answerOf({ keys: [] }, 404), address)
  await expect(verdict).rejects.toMatchObject({
    code: 'discovery_invalid',
    message: 'https://login.example/%E2%80%AEkeys has no JSON object (status 404).',
  })
})

// --- resources

test.for([
  '%25%32%65%25%32%65/admin',
  '%2%65%2%65/admin',
  '%%32%65%%32%65/admin',
  '..%25%32%66admin',
  '..%25%35%43admin',
  '..%c1%9cadmin',
  '%25252525252525252525252%35%32%65',
  `${'%'.repeat(9)}${'32%35'.repeat(9)}2e`,
])('matchResource() lets no encoding of an encoding out of a path: %s (R97)', (path) => {
  const listed = [
    listResource({ url: 'https://api.example/v1/' }, new URL('https://api.example/v1/')),
  ]
  expect(verdictOf(() => matchResource(listed, `https://api.example/v1/${path}`))).toBe(
    'origin_not_allowed: This URL at https://api.example is not under a listed resource; nothing was sent.',
  )
})

test.for([
  ['https://api.example/v2', 'This URL at https://api.example'],
  ['https://monika@api.example/v1/', 'This URL at https://api.example'],
  ['https://api.example.evil.example/v1/', 'https://api.example.evil.example'],
  ['http://api.example/v1/', 'http://api.example'],
  ['data:,v1', 'This URL'],
  ['https://', 'This URL'],
])('matchResource() says whether it is the host that is not listed: %s', ([url = '', name]) => {
  const listed = [
    listResource({ url: 'https://api.example/v1/' }, new URL('https://api.example/v1/')),
  ]
  expect(verdictOf(() => matchResource(listed, url))).toBe(
    `origin_not_allowed: ${name} is not under a listed resource; nothing was sent.`,
  )
})

test.for(['100%25', '100%2525', '%41%42', 'a%20b', '%E2%82%AC', '%zz', '%'])(
  'matchResource() lets through what is encoded and no separator: %s (R97)',
  (path) => {
    const listed = listResource(
      { url: 'https://api.example/v1/' },
      new URL('https://api.example/v1/'),
    )
    expect(matchResource([listed], `https://api.example/v1/${path}`)).toBe(listed)
  },
)

test('listResource() keeps the scopes as they were given', () => {
  const scope = ['read']
  const url = 'https://api.example/v1/'
  const listed = listResource({ url, scope }, new URL(url))
  scope.push('write')
  expect(listed.scope).toEqual(['read'])
})

test('matchResource() takes the longest path, and nothing outside the exact origin', () => {
  const list = [
    'https://api.example/',
    'https://api.example/v1/',
    'https://api.example/v1/deep',
  ].map((url) => listResource({ url }, new URL(url)))
  const match = (url: string) => matchResource(list, url, 'https://app.example/').path
  expect(match('https://api.example/x')).toBe('')
  expect(match('https://api.example/v1/x')).toBe('/v1')
  expect(match('https://api.example/v1/deep?x')).toBe('/v1/deep')
  expect(match('https://api.example/v1/deeper')).toBe('/v1')
  fc.assert(
    fc.property(
      fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.string({ unit: 'binary' })),
      (url) => {
        const verdict = verdictOf(() => matchResource(list, url, 'https://app.example/'))
        const allowed = typeof verdict !== 'string'
        const { origin } = URL.canParse(url, 'https://app.example/')
          ? new URL(url, 'https://app.example/')
          : { origin: '' }
        expect(allowed).toBe(origin === 'https://api.example')
      },
    ),
    { numRuns: 1000 },
  )
})

// --- all of them

const UNITS = [
  ...'a.=&%?#/\\",;[{ ',
  ...['%2f', '../', 'a.', '\t', '\u202e', '\ud800', '"\\', 'a=', ', ', 'Bearer "', '{"a":'],
].map((unit) => [escape(unit), unit] as const)

// One that is quadratic takes minutes over a million characters.
test.for(UNITS)(
  'a million characters of %s are through in linear time (R181)',
  async ([, unit]) => {
    const text = unit.repeat(1_000_000 / unit.length)
    const metadata = readMetadata(METADATA, undefined, false)
    const redirectUri = 'https://app.example/callback'
    const listed = [
      listResource({ url: 'https://api.example/v1/' }, new URL('https://api.example/v1/')),
    ]
    const tokens = { ...TOKENS, access_token: text, scope: text, expires_in: text }
    const verdicts = [
      () => readTokenResponse(answerOf(tokens), 'Bearer'),
      () => readFailure(answerOf({ error: text, error_description: text }, 400, {})).message,
      () => cleanText(text, [text.slice(0, 1000), 'secret']),
      () => readMetadata({ ...METADATA, issuer: text }, undefined, false),
      () => readMetadata({ ...METADATA, token_endpoint: `https://${text}` }, undefined, false),
      () => readKeySet({ keys: text }),
      () => readCallback(`${redirectUri}?${text}#${text}`, redirectUri)?.scrubbed,
      () => readResponseState(new URLSearchParams({ state: text })),
      () => readAuthorizationCode(new URLSearchParams({ error: text }), metadata),
      () => matchResource(listed, `https://api.example/v1/${text}`),
      () => matchResource(listed, text),
    ].map(verdictOf)
    expect(verdicts).toHaveLength(11)
    expect(await readChallenges(text)).toEqual([])
    for (const idToken of [text, `${text}.${text}.${text}`, `a.${text}.a`]) {
      const response = { ...TOKENS, expires_in: undefined, id_token: idToken }
      await expect(
        verifyIdToken(response, metadata, 'client', async () => undefined, {}, 1000),
      ).rejects.toMatchObject({ code: 'id_token_invalid' })
    }
  },
)
