import fc from 'fast-check'
import { expect, test } from 'vitest'
import { discoverMetadata } from '../../../src/protocol/discover.ts'
import { endSessionUrl } from '../../../src/protocol/end-session-url.ts'
import { readKeySet, readMetadata } from '../../../src/protocol/read-metadata.ts'
import { hostileJson } from './hostile-json.ts'
import { answerOf, keepPrototype, METADATA, verdictOf } from './parsing.ts'

keepPrototype()

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
