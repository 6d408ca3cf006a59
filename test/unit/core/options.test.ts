import { runInNewContext } from 'node:vm'
import { type AuthError, type AuthOptions, createAuth } from 'tessera-auth'
import { expect, test } from 'vitest'
import {
  assertAccessTokenRequest,
  assertSignInRequest,
} from '../../../src/client/assert-requests.ts'
import { resolveOptions } from '../../../src/client/resolve-options.ts'
import { createAuthorizationRequest } from '../../../src/protocol/authorization-request.ts'

const SOUND: AuthOptions = {
  issuer: 'https://login.example/app/',
  clientId: 'client',
  redirectUri: '/callback',
}

const MESSAGES = {
  issuer: 'createAuth: "issuer" has to be the https: issuer in the metadata of the provider.',
  metadata: 'createAuth: "metadata" has to be an https: URL, or metadata itself.',
  provider: 'createAuth: "provider" has to be what a preset gives.',
  clientId:
    'createAuth: "clientId" has to be the client id of the registration, without spaces around it.',
  redirectUri:
    'createAuth: "redirectUri" has to be a path such as "/callback", or a registered https: URL without user info and fragment, and with no parameter of an answer, such as code.',
  postLogoutRedirectUri:
    'createAuth: "postLogoutRedirectUri" has to be a path such as "/callback", or a registered https: URL without user info and fragment.',
  scope: 'createAuth: "scope" has to be a list of words.',
  resources: 'createAuth: "resources" has to be a list of { url, scope }.',
  persistence: 'createAuth: "persistence" has to be "session", "device" or "memory".',
  capabilities: 'createAuth: "capabilities" has to be a list, such as [dpop()].',
  fetch: 'createAuth: "fetch" has to be a function.',
  timeout: 'createAuth: "timeout" has to be a number of milliseconds.',
} as const

const WRONG_URLS = [
  '',
  5,
  null,
  'https://app.example/callback#here',
  'https://user@app.example/callback',
  'https://user:password@app.example/callback',
  'http://app.example/callback',
  'http://notlocalhost/callback',
  'http://localhost.evil.example/callback',
  'http://127.0.0.1.evil.example/callback',
  'javascript:alert(1)',
  'data:text/html,hi',
  'myapp:/callback',
  'https://',
  'https://app.example:99999/callback',
  'https://app example/callback',
  ' ',
  'https://app.example/callback\n',
  '/\\\\evil.example/callback',
]

const WRONG: { readonly [Name in keyof AuthOptions]-?: readonly unknown[] } = {
  issuer: [
    undefined,
    null,
    '',
    5,
    'login.example',
    'http://login.example/',
    'https://user:password@login.example/',
    'https://login.example/?tenant=1',
    'https://login.example/#tenant',
    'https://login.example/.well-known/openid-configuration',
    'javascript:alert(1)',
    'https://',
    ' https://login.example/',
    'https://login.example/\n',
    'https:/login.example/',
    'https:\\\\login.example/',
  ],
  metadata: ['', 5, null, true, 'login.example', 'http://login.example/metadata', 'https://a@b/c'],
  provider: ['cyberark', null, 5],
  clientId: [undefined, '', null, 5, {}, ' ', ' client', 'client\n', 'cli\nent'],
  redirectUri: [
    undefined,
    ...WRONG_URLS,
    '/callback?state=here',
    '/callback?code',
    '/callback?%63ode=1',
    '/callback?response=1',
    'https://app.example/callback?page=1&code=2',
  ],
  postLogoutRedirectUri: WRONG_URLS,
  scope: [
    'openid profile',
    null,
    {},
    [''],
    [null],
    [['openid']],
    new Array(1),
    ['a b'],
    ['caf\u00e9'],
    ['"quoted"'],
    ['back\\slash'],
  ],
  resources: ['https://api.example/', null, {}],
  persistence: [
    '',
    null,
    'localStorage',
    'sessions',
    true,
    ['memory'],
    { toString: () => 'memory' },
  ],
  capabilities: [
    null,
    'dpop',
    {},
    () => {},
    [() => {}],
    ['dpop'],
    [null],
    [[]],
    [[{ bind: () => {} }]],
    [new Map()],
  ],
  fetch: ['fetch', null, {}],
  timeout: [0, -1, Number.NaN, 'soon', '1', true, [1], null, Number.POSITIVE_INFINITY, 2 ** 31],
}

function errorOf(options: unknown): Partial<AuthError> {
  try {
    createAuth(options as AuthOptions)
  } catch (error) {
    const { name, code, message, retryable } = error as AuthError
    return { name, code, message, retryable }
  }
  return {}
}

const refusal = (message: string) => ({
  name: 'AuthError',
  code: 'config',
  message,
  retryable: false,
})

for (const [name, values] of Object.entries(WRONG)) {
  test.for(values)(`createAuth() refuses the ${name} %j`, (value) => {
    const message = MESSAGES[name as keyof AuthOptions]
    expect(errorOf({ ...SOUND, [name]: value })).toEqual(refusal(message))
  })
}

test('what can be meant is taken', () => {
  const postLogoutRedirectUri = '/login?error=signed_out'
  expect(errorOf({ ...SOUND, postLogoutRedirectUri })).toEqual({})
  const redirectUri = 'https://app.example/callback?tenant=1&codes=2'
  expect(resolveOptions({ ...SOUND, redirectUri }, 'https://app.example/')).toMatchObject({
    redirectUri,
  })
  class Place {
    readonly name = 'home'
  }
  const tagged = { href: '/', [Symbol.toStringTag]: 'Location' }
  const appState = { place: new Place(), tagged, at: new Date(0), list: [new String('x')] }
  expect(assertSignInRequest({ appState: [] })).toMatchObject({ appState: [] })
  const request = { appState, uiLocales: ['en-US@posix', 'de'], prompt: 'login consent' as never }
  expect(assertSignInRequest(request)).toMatchObject(request)
})

const URL_OF_RESOURCE =
  'createAuth, resources: "url" has to be an https: URL, or one of this origin, with no query, fragment or wildcard.'
const API = { url: 'https://api.example/' }

test.for<[unknown, string]>([
  ...[null, 'https://api.example/', []].map((value): [unknown, string] => [
    value,
    'createAuth, resources: its options have to be an object; there are url, scope, resource, audience, redirect.',
  ]),
  ...[
    {},
    { url: '' },
    { url: 5 },
    { url: 'http://api.example/' },
    { url: 'https://api.example/?key=1' },
    { url: '/api?' },
    { url: 'https://api.example/#part' },
    { url: 'https://user@api.example/' },
    { url: 'blob:https://api.example/1' },
    { url: 'https://api.example/v1;a/' },
    { url: 'https://api.example/v1\\a/' },
    { url: '/v1\\a/' },
    { url: 'https://api.example/%2e%2E/v1%2fa' },
    { url: '/v1%2fa' },
    { url: '/v1%5Ca' },
    { url: '*' },
    { url: 'https://*.api.example/' },
    { url: '/v1/a%2eb' },
  ].map((value): [unknown, string] => [value, URL_OF_RESOURCE]),
  ...['read', ['read write'], [null]].map((scope): [unknown, string] => [
    { ...API, scope },
    'createAuth, resources: "scope" has to be a list of words.',
  ]),
  ...[
    { ...API, audience: {} },
    { ...API, audience: '' },
    { ...API, audience: 'api', resource: 'https://api.example/' },
  ].map((value): [unknown, string] => [
    value,
    'createAuth, resources: "audience" has to be a string, and not together with "resource".',
  ]),
  ...['', 'api', '/api/', 'https://api.example/#', 5, ['https://api.example/']].map(
    (resource): [unknown, string] => [
      { ...API, resource },
      'createAuth, resources: "resource" has to be a URL without fragment.',
    ],
  ),
  ...['manual', true].map((redirect): [unknown, string] => [
    { ...API, redirect },
    'createAuth, resources: "redirect" has to be "error" or "follow".',
  ]),
  [
    { ...API, scopes: ['read'] },
    'createAuth, resources: there is no option "scopes"; there are url, scope, resource, audience, redirect.',
  ],
])('createAuth() refuses the resource %j', ([resource, message]) => {
  expect(errorOf({ ...SOUND, resources: [API, resource] })).toEqual(refusal(message))
})

test.for<[unknown, string]>([
  ...['bind', 'push', 'navigate', 'leave', 'silent', 'wait'].map((name): [unknown, string] => [
    { [name]: 5 },
    `createAuth, capabilities: "${name}" has to be a function.`,
  ]),
  [{ idTokenHint: 'yes' }, 'createAuth, capabilities: "idTokenHint" has to be true or false.'],
  [
    { bnid: () => {} },
    'createAuth, capabilities: there is no option "bnid"; there are bind, push, navigate, leave, silent, idTokenHint, wait.',
  ],
])('createAuth() refuses the capability %j', ([capability, message]) => {
  expect(errorOf({ ...SOUND, capabilities: [{}, capability] })).toEqual(refusal(message))
})

test.for<[unknown, string]>([
  [{ explain: 'x' }, 'createAuth, provider: "explain" has to be a function.'],
  [{ readUserInfo: {} }, 'createAuth, provider: "readUserInfo" has to be a function.'],
  [
    { nonceWithoutOpenid: 1 },
    'createAuth, provider: "nonceWithoutOpenid" has to be true or false.',
  ],
  [{ plainBasic: 'yes' }, 'createAuth, provider: "plainBasic" has to be true or false.'],
  [{ endpoints: [] }, 'createAuth, provider: "endpoints" has to be an object of URLs.'],
  [
    { explains: () => {} },
    'createAuth, provider: there is no option "explains"; there are endpoints, nonceWithoutOpenid, plainBasic, explain, readUserInfo.',
  ],
])('createAuth() refuses the provider %j', ([provider, message]) => {
  expect(errorOf({ ...SOUND, provider })).toEqual(refusal(message))
})

test.for<[string, keyof typeof MESSAGES, unknown]>([
  ['a bigint', 'timeout', 5n],
  ['a symbol', 'timeout', Symbol('5')],
  ['a list of symbols', 'scope', [Symbol('openid')]],
  ['a symbol', 'persistence', Symbol('memory')],
  ['a promise', 'metadata', Promise.resolve({})],
  ['an answer', 'metadata', Response.json({ issuer: 'https://login.example/' })],
  ['a function', 'metadata', { issuer: () => 'https://login.example/' }],
  ['a promise in an object', 'metadata', { jwks: Promise.resolve({ keys: [] }) }],
])('createAuth() refuses %s for the %s', ([, name, value]) => {
  expect(errorOf({ ...SOUND, [name]: value })).toEqual(refusal(MESSAGES[name]))
})

test.for(['https://login.example/#a', 'https://login.example/?a', 'https://login example/', 'a b'])(
  'createAuth() refuses the issuer %j also beside metadata',
  (issuer) => {
    const metadata = {
      issuer,
      authorization_endpoint: 'https://login.example/authorize',
      token_endpoint: 'https://login.example/token',
    }
    expect(errorOf({ ...SOUND, issuer, metadata })).toEqual(refusal(MESSAGES.issuer))
  },
)

test('createAuth() has each scope once, and lists that nobody can change (R10, R98)', () => {
  const options = { ...SOUND, scope: ['openid', 'read', 'openid'], resources: [{ url: '/' }] }
  const { scope, resources } = resolveOptions(options, 'https://app.example/')
  expect(scope).toEqual(['openid', 'read'])
  const [listed] = resources
  for (const each of [scope, resources, listed, listed?.scope]) {
    expect(Object.isFrozen(each)).toBe(true)
  }
})

test.for([
  'https://app.example',
  'https://APP.example:443/a/../callback',
  'HTTPS://app.example/%63',
])('createAuth() keeps the redirect URI %s byte for byte (R6)', (redirectUri) => {
  const options = { ...SOUND, redirectUri, postLogoutRedirectUri: redirectUri }
  expect(resolveOptions(options, 'https://app.example/')).toMatchObject({
    redirectUri,
    postLogoutRedirectUri: redirectUri,
  })
})

test.for([undefined, null, 5, 'https://login.example/', () => SOUND])(
  'createAuth() refuses %s in the place of options',
  (options) => {
    expect(errorOf(options)).toEqual(
      refusal(
        'createAuth: its options have to be an object; there are issuer, metadata, provider, clientId, redirectUri, postLogoutRedirectUri, scope, resources, persistence, capabilities, fetch, timeout.',
      ),
    )
  },
)

test('createAuth() looks at options that are of a class, or inherited, or of another frame', () => {
  class Options {
    issuer = SOUND.issuer
    clientId = SOUND.clientId
    redirectUri = SOUND.redirectUri
    get timeout() {
      return 'soon'
    }
    /** What an app has for itself. */
    environment = 'test'
  }
  expect(errorOf(new Options())).toEqual(refusal(MESSAGES.timeout))
  expect(errorOf(Object.create({ ...SOUND, timeout: 'soon' }))).toEqual(refusal(MESSAGES.timeout))
  expect(errorOf(Object.create(SOUND))).toEqual({})
  const foreign = runInNewContext('({ ...sound, scopes: [] })', { sound: SOUND })
  expect(errorOf(foreign).message).toContain('there is no option "scopes"')
  const sound = runInNewContext(
    '({ ...sound, scope: ["openid"], capabilities: [{ navigate() {} }], resources: [{ url: "/" }] })',
    { sound: SOUND },
  )
  expect(errorOf(sound)).toEqual({})
})

test('createAuth() does not take what is of every object for an option', () => {
  const everybody = Object.prototype as Record<string, unknown>
  const polluted = {
    metadata: 'no URL',
    provider: 5,
    scope: 5,
    resources: 5,
    resource: 5,
    audience: 5,
    redirect: 5,
    persistence: 5,
    bind: 5,
    navigate: 5,
    explain: 5,
    fetch: 5,
    timeout: 5n,
  }
  try {
    Object.assign(everybody, polluted)
    const options = {
      ...SOUND,
      resources: [{ url: '/' }],
      capabilities: [{ push: () => {} }],
      provider: { nonceWithoutOpenid: true },
    }
    const resolved = resolveOptions(options as never, 'https://app.example/')
    expect(resolved.metadata).toBe('https://login.example/app/.well-known/openid-configuration')
    expect(resolved.timeout).toBe(10_000)
    expect(resolved.persistence).toBe('session')
    expect(resolved.fetch).toBeUndefined()
    expect(resolved.provider?.explain).toBeUndefined()
    expect(resolved.capabilities?.[0]?.bind).toBeUndefined()
    expect(resolved.resources[0]).toMatchObject({
      scope: [],
      resource: undefined,
      audience: undefined,
      redirect: undefined,
    })
    expect(assertSignInRequest({ prompt: 'login' }).scope).toBeUndefined()
    expect(assertAccessTokenRequest({ forceRenewal: true }).url).toBeUndefined()
  } finally {
    for (const name of Object.keys(polluted)) delete everybody[name]
  }
})

test.for(['https://app.example', 'https://APP.example/callback', 'https://app.example:443/%7Eme'])(
  'the redirect URI %s is sent as it is registered, to the byte (R6)',
  (redirectUri) => {
    expect(resolveOptions({ ...SOUND, redirectUri }, 'https://app.example/')).toMatchObject({
      redirectUri,
    })
  },
)

test.for(['client_secret', 'clientSecret', 'secret', 'CLIENT_SECRET'])(
  'createAuth() refuses a secret by the name of %s',
  (name) => {
    expect(errorOf({ ...SOUND, [name]: 'hunter2' })).toEqual(
      refusal(
        `createAuth: there is no option "${name}"; a browser keeps no secret: register a public client with PKCE.`,
      ),
    )
  },
)

test('createAuth() refuses a secret that an object of a class has', () => {
  class Options {
    issuer = SOUND.issuer
    clientId = SOUND.clientId
    redirectUri = SOUND.redirectUri
    clientSecret = 'hunter2'
  }
  expect(errorOf(new Options())).toEqual(
    refusal(
      'createAuth: there is no option "clientSecret"; a browser keeps no secret: register a public client with PKCE.',
    ),
  )
})

test.for([
  '',
  'scopes',
  'authority',
  'responseType',
  'response_type',
  'usePkce',
  'onRedirectCallback',
  'constructor',
  'toString',
  'hasOwnProperty',
])('createAuth() refuses the unknown option %s, and names those there are', (name) => {
  expect(errorOf({ ...SOUND, [name]: 'token' })).toEqual(
    refusal(
      `createAuth: there is no option "${name}"; there are issuer, metadata, provider, clientId, redirectUri, postLogoutRedirectUri, scope, resources, persistence, capabilities, fetch, timeout.`,
    ),
  )
})

test('createAuth() refuses an option that would reach for a prototype', () => {
  const options = JSON.parse(`{"__proto__":{"clientId":"evil"},"issuer":"https://login.example/",
    "clientId":"client","redirectUri":"/callback"}`)
  expect(errorOf(options)).toMatchObject({ code: 'config' })
  expect(({} as { clientId?: string }).clientId).toBeUndefined()
})

test('createAuth() repeats no value in what it says', () => {
  const { message } = errorOf({ ...SOUND, redirectUri: 'https://user:hunter2@app.example/' })
  expect(message).not.toContain('hunter2')
})

test.for([
  {},
  { issuer: undefined, metadata: 'https://login.example/metadata' },
  { issuer: 'HTTPS://login.example/' },
  { issuer: 'https://login.example' },
  { issuer: 'http://localhost:8080/app/' },
  { issuer: 'http://tenant.localhost:8080/app/' },
  { metadata: 'https://login.example/.well-known/openid-configuration' },
  { redirectUri: 'https://app.example/callback?from=login' },
  { redirectUri: 'http://localhost:5173/callback' },
  { redirectUri: 'http://127.0.0.1:5173/callback' },
  { redirectUri: 'http://LocalHost:5173/callback' },
  { redirectUri: 'callback' },
  { redirectUri: '/' },
  { clientId: 'c' },
  { provider: { endpoints: {} } },
  { timeout: 2 ** 31 - 1 },
  { scope: [] },
  { scope: ['openid', 'openid', 'urn:x:y', "!#$%&'()*+,-./"] },
  { resources: [] },
  { resources: [{ url: '/api/' }] },
  { resources: [{ url: 'https://api.example' }, { url: 'http://localhost:3000/v1' }] },
  { resources: [{ url: 'https://api.example/', redirect: 'follow', audience: 'api' }] },
  { persistence: 'memory' },
  { timeout: 1 },
  { fetch: () => Promise.reject(new TypeError('offline')) },
  { postLogoutRedirectUri: undefined, persistence: undefined, scope: undefined },
])('createAuth() takes %j', (options) => {
  expect(errorOf({ ...SOUND, ...options })).toEqual({})
})

test('createAuth() gives a frozen client whose members are all there', () => {
  const auth = createAuth(SOUND)
  expect(Object.isFrozen(auth)).toBe(true)
  expect(Object.keys(auth).sort()).toEqual([
    'authorize',
    'close',
    'fetch',
    'getAccessToken',
    'ready',
    'requireSession',
    'signIn',
    'signOut',
    'start',
    'state',
    'subscribe',
    'userInfo',
  ])
  expect(auth.state).toEqual({ status: 'starting' })
  expect(Object.isFrozen(auth.state)).toBe(true)
  expect(auth.ready).toBe(auth.ready)
})

test('createAuth() reads its options once: changing them later changes nothing', async () => {
  const resources = [{ url: 'https://api.example/' }]
  const auth = createAuth({ ...SOUND, resources })
  resources.push({ url: 'https://evil.example/' })
  ;(resources[0] as { url: string }).url = 'https://evil.example/'
  await expect(auth.getAccessToken({ url: 'https://evil.example/' })).rejects.toMatchObject({
    code: 'origin_not_allowed',
    message: 'https://evil.example is not under a listed resource; nothing was sent.',
  })
})

test('createAuth() keeps the metadata and the provider that it was given', () => {
  const metadata = {
    issuer: 'https://login.example/',
    authorization_endpoint: 'https://login.example/authorize',
    token_endpoint: 'https://login.example/token',
    jwks: { keys: [{ kty: 'EC' }] },
  }
  const endpoints = { revocation_endpoint: 'https://login.example/revoke' }
  const provider = { endpoints, nonceWithoutOpenid: true }
  const { issuer, ...rest } = SOUND
  const resolved = resolveOptions({ ...rest, metadata, provider }, 'https://app.example/')
  metadata.authorization_endpoint = 'https://evil.example/'
  metadata.jwks.keys.push({ kty: 'oct' })
  endpoints.revocation_endpoint = 'https://evil.example/'
  provider.nonceWithoutOpenid = false
  expect(resolved).toMatchObject({
    metadata: {
      authorization_endpoint: 'https://login.example/authorize',
      jwks: { keys: [{ kty: 'EC' }] },
    },
    provider: {
      endpoints: { revocation_endpoint: 'https://login.example/revoke' },
      nonceWithoutOpenid: true,
    },
  })
  expect(resolved.metadata).toSatisfy((value: object) => Object.getPrototypeOf(value) === null)
})

test('createAuth() takes metadata that a framework has wrapped in proxies', () => {
  const wrap = <Value extends object>(value: Value): Value =>
    new Proxy(value, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name)
        return typeof member === 'object' && member ? wrap(member) : member
      },
    })
  const metadata = {
    issuer: 'https://login.example/',
    authorization_endpoint: 'https://login.example/authorize',
    token_endpoint: 'https://login.example/token',
    jwks: { keys: [{ kty: 'EC' }] },
  }
  const { issuer, ...rest } = SOUND
  const resolved = resolveOptions({ ...rest, metadata: wrap(metadata) }, 'https://app.example/')
  expect(resolved.metadata).toEqual(metadata)
})

test.for([null, 5, 'login', () => {}])('auth.signIn() refuses %s as its request', (request) => {
  expect(() => assertSignInRequest(request as never)).toThrow(
    expect.objectContaining({
      code: 'config',
      message:
        'signIn: its options have to be an object; there are scope, url, resource, prompt, loginHint, maxAge, acrValues, uiLocales, claims, authorizationDetails, returnTo, appState, sameUser, challenge, via, parameters.',
    }),
  )
})

test('auth.signIn() takes an event for no request, and reads any other object', () => {
  // Of `storage`, say: it has a `url`.
  const event = Object.assign(new Event('storage'), { url: 'https://api.example/' })
  expect({ ...assertSignInRequest(event as object) }).toEqual({})
  class Click {
    nativeEvent = event
    type = 'click'
  }
  expect({ ...assertSignInRequest(new Click() as object) }).toEqual({})
  expect(() => assertSignInRequest(Object.create({ maxAge: 'soon' }))).toThrow(
    'signIn: "maxAge" has to be whole seconds.',
  )
  expect({ ...assertSignInRequest(Object.create({ maxAge: 5 })) }).toEqual({ maxAge: 5 })
})

test.for<[string, object, string]>([
  [
    'a length of time that is no whole number',
    { maxAge: 1e21 },
    '"maxAge" has to be whole seconds',
  ],
  [
    'a query',
    { parameters: new URLSearchParams('a=b') },
    '"parameters" has to be an object of strings',
  ],
  ['a map', { parameters: new Map([['a', 'b']]) }, '"parameters" has to be an object of strings'],
  ['a text', { parameters: 'a=b' }, '"parameters" has to be an object of strings'],
  ['a list', { parameters: ['a=b'] }, '"parameters" has to be an object of strings'],
])('auth.signIn() refuses %s: %j', ([, request, message]) => {
  expect(() => assertSignInRequest(request)).toThrow(`signIn: ${message}.`)
})

test('an empty list of classes or of languages sends no parameter', async () => {
  const request = assertSignInRequest({ acrValues: [], uiLocales: [], prompt: 'login' })
  const { parameters } = await createAuthorizationRequest({}, request, false)
  expect([...parameters.keys()].toSorted()).toEqual([
    'code_challenge',
    'code_challenge_method',
    'prompt',
    'response_type',
    'state',
  ])
})

test('each request has its own state, nonce and verifier, of 256 bits each (R3, R4, R5)', async () => {
  const requests = await Promise.all([1, 2].map(() => createAuthorizationRequest({}, {}, true)))
  const secrets = requests.flatMap(({ state, nonce, verifier }) => [state, nonce, verifier])
  expect(new Set(secrets).size).toBe(6)
  for (const secret of secrets) expect(secret).toMatch(/^[\w-]{43}$/)
})

test('a request sets a parameter in one way', async () => {
  const request = assertSignInRequest({ loginHint: 'alice', parameters: { login_hint: 'bob' } })
  await expect(createAuthorizationRequest({}, request, false)).rejects.toMatchObject({
    code: 'config',
    message: 'signIn: "parameters" must not contain login_hint.',
  })
})

test('auth.signIn() and auth.requireSession() refuse what is no request', async () => {
  const auth = createAuth(SOUND)
  for (const call of [auth.signIn, auth.requireSession]) {
    await expect(call(null as never)).rejects.toMatchObject({
      code: 'config',
      message: expect.stringMatching(/^signIn: its options have to be an object; /),
    })
  }
})
