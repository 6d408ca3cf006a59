import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCallback } from '../../../src/client/read-callback.ts'
import { authorizationUrl } from '../../../src/protocol/authorization-request.ts'
import {
  readAuthorizationCode,
  readResponseState,
} from '../../../src/protocol/authorization-response.ts'
import { fetchKeySet } from '../../../src/protocol/discover.ts'
import { readMetadata } from '../../../src/protocol/read-metadata.ts'
import { answerOf, keepPrototype, METADATA, verdictOf } from './parsing.ts'

keepPrototype()

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
