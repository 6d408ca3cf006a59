import { createHash } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { currentEngine } from '../browsers/engines.ts'
import type { Page } from '../browsers/page.ts'
import { completeAtTenant, signInAtTenant } from '../browsers/sign-in-at-tenant.ts'
import {
  appPage,
  leave,
  type Outcome,
  requestsTo,
  signIn,
  stateOf,
  useFixture,
  whenStarted,
} from './fixture.ts'

/** Whether the server of the app sends its callback to another address, as some do. */
let movesCallback = false

const fixture = useFixture({
  handle({ url = '' }, response) {
    if (!movesCallback || !url.startsWith('/callback?')) return false
    response.writeHead(302, { location: url.replace('?', '/index?') }).end()
    return true
  },
})

beforeEach(() => {
  movesCallback = false
})

const authorizeRequests = () =>
  requestsTo(fixture.tenant, 'Authorize').filter(({ query }) => query.code_challenge)

test('signIn() asks for a code with PKCE, and for nothing that the app did not ask for', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture, {
    scope: ['payments.write', 'profile'],
    loginHint: 'monika.a',
    uiLocales: ['de', 'en'],
    maxAge: 3600,
    claims: { id_token: { auth_time: { essential: true } } },
    parameters: { theme: 'dark', empty: '' },
    returnTo: '/secret-place',
    appState: 'secret note',
  })
  const { query } = authorizeRequests()[0] ?? { query: {} }
  const { state, nonce, code_challenge: challenge, ...rest } = query as Record<string, string>
  expect(rest).toEqual({
    response_type: 'code',
    client_id: fixture.options.clientId,
    redirect_uri: `${fixture.origin}/callback`,
    scope: 'openid profile accounts.read payments.write',
    code_challenge_method: 'S256',
    login_hint: 'monika.a',
    ui_locales: 'de en',
    max_age: '3600',
    claims: '{"id_token":{"auth_time":{"essential":true}}}',
    theme: 'dark',
    empty: '',
  })
  for (const value of [state, nonce, challenge]) expect(value).toMatch(/^[\w-]{43}$/)
  expect(new Set([state, nonce, challenge]).size).toBe(3)

  const [exchange] = requestsTo(fixture.tenant, 'Token')
  const grant = Object.fromEntries(new URLSearchParams(exchange?.body))
  expect(grant).toEqual({
    grant_type: 'authorization_code',
    client_id: fixture.options.clientId,
    redirect_uri: `${fixture.origin}/callback`,
    code: expect.any(String),
    code_verifier: expect.stringMatching(/^[\w-]{43}$/),
  })
  const hashed = createHash('sha256').update(String(grant.code_verifier)).digest('base64url')
  expect(hashed).toBe(challenge)
  expect(exchange?.headers).toMatchObject({ accept: 'application/json' })
  for (const name of ['authorization', 'cookie', 'referer']) {
    expect(exchange?.headers[name]).toBeUndefined()
  }
  // Simple as CORS calls it: nothing was asked beforehand.
  expect(fixture.tenant.log.filter(({ method }) => method === 'OPTIONS')).toEqual([])
})

test('signIn() uses a state, a nonce and a challenge of its own each time', async () => {
  const profile = await fixture.newProfile()
  for (const path of ['/one', '/two', '/three']) {
    const tab = await fixture.open(path, profile)
    await leave(tab)
    await tab.waitForSelector('#username')
  }
  const values = authorizeRequests().flatMap(({ query }) => [
    query.state,
    query.nonce,
    query.code_challenge,
  ])
  expect(new Set(values).size).toBe(9)
})

test('the verifier has 256 bits that no page can foresee, in the alphabet it may have (R3)', async () => {
  const tab = await fixture.open()
  await tab.evaluate(() => void Object.assign(Math, { random: () => 0 }))
  await signIn(tab, fixture)
  await tab.evaluate(() => void Object.assign(Math, { random: () => 0 }))
  await signIn(tab, fixture, { prompt: 'login' })
  const verifiers = requestsTo(fixture.tenant, 'Token').map(({ body }) =>
    new URLSearchParams(body).get('code_verifier'),
  )
  expect(verifiers).toEqual(Array(2).fill(expect.stringMatching(/^[\w.~-]{43,128}$/)))
  expect(new Set(verifiers).size).toBe(2)
})

test('claims are for reading, through and through (R66)', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const isFrozen = await tab.evaluate(async () => {
    const { user } = auth.state as { user: Record<string, unknown> }
    return [user, ...Object.values(user), await auth.userInfo()].map(Object.isFrozen)
  })
  expect(isFrozen.length).toBeGreaterThan(5)
  expect(new Set(isFrozen)).toEqual(new Set([true]))
})

test('what a script put on the prototype of all objects steers no request (R37)', async () => {
  fixture.tenant.set({ refresh: 'allowed' })
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const outcomes = await tab.evaluate(async (url) => {
    const planted = { integrity: 'sha256-AAAA', window: 1, body: 'x' }
    Object.assign(Object.prototype, planted)
    const renewed = await outcomeOf(auth.getAccessToken({ forceRenewal: true }))
    for (const name of Object.keys(planted)) Reflect.deleteProperty(Object.prototype, name)
    return [renewed, await outcomeOf(auth.fetch(url).then(({ status }) => status))]
  }, `${fixture.bank.url}/api/accounts`)
  expect(outcomes).toEqual([{ value: expect.any(String) }, { value: 200 }])
})

test('keys that the app hands in count at once, whatever was kept of them (R135)', async () => {
  const { issuer, metadata } = fixture.tenant.apps.taxefile
  const keys = await (await fetch(metadata.jwks_uri)).json()
  const { jwks_uri: _, ...rest } = metadata
  const use = (jwks: object) =>
    fixture.pages.setPage('/', appPage({ ...fixture.options, issuer, metadata: { ...rest, jwks } }))
  use(keys)
  const tab = await fixture.open()
  await signIn(tab, fixture)
  expect((await stateOf(tab)).status).toBe('signed-in')
  use({ keys: [] })
  await tab.reload()
  await whenStarted(tab)
  await signIn(tab, fixture, { prompt: 'login' })
  expect(await stateOf(tab)).toMatchObject({ error: { code: 'id_token_invalid' } })
})

const OURS = [
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
  'dpop_jkt',
  'iss',
  'client_secret',
  'scope',
  'max_age',
  'acr_values',
  'claims',
  'code_verifier',
  'client_assertion',
  'client_assertion_type',
]

test('signIn() lets no parameter replace one of its own', async () => {
  const tab = await fixture.open()
  for (const name of OURS) {
    const outcome = await tab.evaluate(
      (name) => outcomeOf(auth.signIn({ parameters: { [name]: 'https://evil.example/' } })),
      name,
    )
    expect(outcome, name).toEqual({
      error: {
        name: 'AuthError',
        code: 'config',
        message: `signIn: "parameters" must not contain ${name}.`,
        retryable: false,
      },
    })
    expect((await stateOf(tab)).status, name).toBe('signed-out')
  }
  expect(authorizeRequests()).toEqual([])
})

test('signIn() refuses what cannot be sent or kept, and nothing is lost by it', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const before = await stateOf(tab)
  const asked = authorizeRequests().length
  const refused = await tab.evaluate(async () => {
    const circular: { self?: object } = {}
    circular.self = circular
    const kinds: readonly (readonly [string, string, readonly unknown[]])[] = [
      ['scope', 'a list of words', ['openid profile', ['openid profile'], [''], 5, null]],
      [
        'resource',
        'a list of URLs without fragment',
        ['https://api.example/', [5], ['api'], ['https://api.example/#a']],
      ],
      ['url', 'a URL', [5, null, {}]],
      ['prompt', 'such as "login"', [5, ['login'], '', 'LOGIN']],
      ['loginHint', 'a string', [5, {}]],
      ['maxAge', 'whole seconds', [Number.NaN, -1, 1.5, '60', Number.POSITIVE_INFINITY]],
      ['acrValues', 'a list of words', ['high', [5], ['two words']]],
      ['uiLocales', 'a list of languages', ['de', [null], ['de en']]],
      ['claims', 'an object that JSON can hold', [circular, 5n, () => 5, 5, ['acr']]],
      [
        'authorizationDetails',
        'a list of objects with a "type", which JSON can hold',
        [
          { type: 'payment' },
          [circular],
          [1],
          [null],
          [{ type: 1 }],
          [{ type: 'payment', circular }],
        ],
      ],
      ['returnTo', 'an address of this app', [null, 5, { path: '/' }]],
      ['sameUser', 'true or false', ['yes', 1, null]],
      ['challenge', 'a string', [5, {}]],
      [
        'appState',
        'a value that JSON can hold',
        [circular, { amount: 5n }, Symbol('here'), { places: new Map() }, [new Set([1])]],
      ],
      ['parameters', 'an object of strings', [{ debug: 5 }, { debug: ['yes'] }]],
    ]
    const outcomes: [string, string, Outcome][] = []
    for (const [name, kind, values] of kinds) {
      for (const value of values) {
        outcomes.push([name, kind, await outcomeOf(auth.signIn({ [name]: value }))])
      }
    }
    return outcomes
  })
  for (const [name, kind, outcome] of refused) {
    expect(outcome, name).toEqual({
      error: {
        name: 'AuthError',
        code: 'config',
        message: `signIn: "${name}" has to be ${kind}.`,
        retryable: false,
      },
    })
  }
  expect(refused).toHaveLength(55)
  expect(await stateOf(tab)).toEqual(before)
  expect(authorizeRequests()).toHaveLength(asked)
})

test('an option that there is not is named, and what is no options is none', async () => {
  const tab = await fixture.open()
  const messages = await tab.evaluate(async () => {
    // What the other SDKs take, and what a misprint makes of ours.
    const foreign: readonly object[] = [
      { scopes: ['accounts.read'] },
      { authorizationParams: {} },
      { redirectUri: '/elsewhere' },
      JSON.parse('{"__proto__": {}}'),
      Object.assign(Object.create(null), { login_hint: 'monika' }),
    ]
    const outcomes: Outcome[] = []
    for (const request of foreign) outcomes.push(await outcomeOf(auth.signIn(request)))
    const wishes = [
      'https://api.example/',
      { scope: 'openid' },
      { forceRenewal: 1 },
      { signal: 5 },
      ['openid'],
      { url: location, signal: null },
    ]
    for (const wish of wishes) outcomes.push(await outcomeOf(auth.getAccessToken(wish as object)))
    return outcomes.map((outcome) => 'error' in outcome && outcome.error.message)
  })
  const ofSignIn = [
    'scope, url, resource, prompt, loginHint, maxAge, acrValues, uiLocales, claims',
    'authorizationDetails, returnTo, appState, sameUser, challenge, via, parameters',
  ].join(', ')
  const ofToken = 'url, forceRenewal, signal'
  expect(messages).toEqual([
    ...['scopes', 'authorizationParams', 'redirectUri', '__proto__', 'login_hint'].map(
      (name) => `signIn: there is no option "${name}"; there are ${ofSignIn}.`,
    ),
    `getAccessToken: its options have to be an object; there are ${ofToken}.`,
    `getAccessToken: there is no option "scope"; there are ${ofToken}.`,
    'getAccessToken: "forceRenewal" has to be true or false.',
    'getAccessToken: "signal" has to be a signal.',
    `getAccessToken: its options have to be an object; there are ${ofToken}.`,
    expect.stringContaining('is not under a listed resource; nothing was sent.'),
  ])
  expect(authorizeRequests()).toEqual([])
  // A handler of clicks that is signIn itself.
  await tab.evaluate(() => {
    document.body.innerHTML = '<button>Sign in</button>'
    document.querySelector('button')?.addEventListener('click', auth.signIn as never)
  })
  await tab.click('button')
  await expect.poll(authorizeRequests).toHaveLength(1)
})

/** Where the app asks to be brought back to, and where it gets. */
const RETURNS: readonly (readonly [string, string])[] = [
  ...[
    '//evil.com',
    '////evil.com',
    '/\\evil.com',
    '\\\\evil.com',
    '\\/evil.com',
    '/\t/evil.com',
    '\t//evil.com',
    ' https://evil.com',
    'ht\ntps://evil.com',
    'https:///evil.com',
    'https:\\\\evil.com',
    'https:evil.com',
    'https://[evil',
    'javascript:alert(1)',
    'data:text/html,hi',
    'blob:ORIGIN/1',
    'ORIGIN.evil.com/',
    'ORIGIN@evil.com/',
  ].map((value) => [value, '/'] as const),
  ['http://user@HOST/x', '/'],
  ['/tax?year=2026#form', '/tax?year=2026#form'],
  ['ORIGIN/tax', '/tax'],
  ['deep/link', '/deep/link'],
  ['/%2F/evil.com', '/%2F/evil.com'],
  ['/%5cevil.com', '/%5cevil.com'],
  ['/.//evil.com', '//evil.com'],
  ['x/..//evil.com', '//evil.com'],
]

test('start() brings the user back within the origin alone', { timeout: 180_000 }, async () => {
  const profile = await fixture.newProfile()
  const first = await fixture.open('/', profile)
  await signIn(first, fixture)
  const bring = async ([returnTo, path]: readonly [string, string]) => {
    const tab = await fixture.open('/', profile)
    const value = returnTo
      .replace('ORIGIN', fixture.origin)
      .replace('HOST', new URL(fixture.origin).host)
    await leave(tab, { returnTo: value })
    await whenStarted(tab)
    const came = await tab.evaluate(() => {
      const { returnTo, error } = started ?? {}
      return { href: location.href, returnTo, error: error && `${error}` }
    })
    const there = fixture.origin + path
    expect(came, value).toEqual({ href: there, returnTo: there, error: null })
    await tab.close()
  }
  for (let at = 0; at < RETURNS.length; at += 4) {
    await Promise.all(RETURNS.slice(at, at + 4).map(bring))
  }
})

test('signIn() refuses anybody but the user who is signed in where it is told to', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  fixture.tenant.endSessions()
  const peter = fixture.tenant.users['peter.b'] as { canRun: boolean }
  peter.canRun = true
  await signIn(tab, fixture, { sameUser: true }, { username: 'peter.b' })
  peter.canRun = false
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-in',
    user: { unique_name: 'monika.a' },
    error: {
      code: 'user_mismatch',
      message: 'Another user signed in than the one who was asked to.',
    },
  })
})

test('a sign-in as somebody else takes nothing over from the user before', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture, { scope: ['payments.write'] })
  const before = await tab.evaluate(() => auth.getAccessToken())
  fixture.tenant.endSessions()
  const peter = fixture.tenant.users['peter.b'] as { canRun: boolean }
  peter.canRun = true
  await signIn(tab, fixture, {}, { username: 'peter.b' })
  peter.canRun = false
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-in',
    user: { unique_name: 'peter.b' },
    scope: ['profile', 'accounts.read', 'openid'],
    error: null,
  })
  expect(await tab.evaluate(() => auth.getAccessToken())).not.toBe(before)
})

test('a silent sign-in that needs the user says so, and keeps the session', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  fixture.tenant.endSessions()
  await leave(tab, { prompt: 'none' })
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-in',
    error: {
      code: 'interaction_required',
      message: 'The provider refused the sign-in: login_required.',
      providerError: 'login_required',
    },
  })
})

test('a clock that is an hour off is named, with how far, and signing in works once it is set', async () => {
  fixture.tenant.set({ clockOffset: 3600 })
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const { error, ...state } = await stateOf(tab)
  expect(state).toMatchObject({ status: 'signed-out', reason: 'sign-in-failed' })
  expect(error).toMatchObject({ name: 'AuthError', code: 'clock_skew', retryable: false })
  const { offset } = error as { offset: number }
  expect(Math.round(offset / 60_000)).toBe(60)
  fixture.tenant.set({ clockOffset: 0 })
  await leave(tab)
  await whenStarted(tab)
  expect((await stateOf(tab)).status).toBe('signed-in')
})

test.for([-600, 600])('a clock that is %i seconds off is tolerated', async (clockOffset) => {
  fixture.tenant.set({ clockOffset })
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const state = await stateOf(tab)
  expect(state).toMatchObject({ status: 'signed-in', error: null })
  // Lifetimes count from the receipt.
  expect(state.expiresAt).toBeGreaterThan(Date.now() + 17_900_000)
  expect(state.expiresAt).toBeLessThan(Date.now() + 18_000_001)
})

test('a page that the tenant does not trust says what may be wrong', async () => {
  fixture.tenant.set({ trustedDomains: [] })
  const tab = await fixture.open()
  expect(await tab.evaluate(() => outcomeOf(auth.signIn()))).toMatchObject({
    error: {
      code: 'network',
      message: `${fixture.options.issuer}.well-known/openid-configuration could not be reached.`,
      hint: 'The network is down, or the provider does not allow this origin (CORS).',
      retryable: true,
    },
  })
  fixture.tenant.set({ trustedDomains: ['localhost'] })
  await signIn(tab, fixture)
  expect((await stateOf(tab)).status).toBe('signed-in')
})

test('signIn() sends each typed parameter as its specification has it', async () => {
  const tab = await fixture.open()
  const { search } = await tab.evaluate(async () => {
    let address = ''
    await outcomeOf(
      auth.signIn({
        prompt: 'select_account',
        loginHint: 'monika & co',
        maxAge: 0,
        acrValues: ['urn:mfa', 'urn:key'],
        uiLocales: ['de-AT', 'en'],
        claims: { id_token: { acr: { essential: true } } },
        authorizationDetails: [{ type: 'payment', amount: '7 €' }],
        resource: ['https://a.example/', 'https://b.example/', 'https://a.example/'],
        via: async (prepared) => {
          address = (await prepared).url
          throw new Error('far enough')
        },
      }),
    )
    return { search: new URL(address).search }
  })
  const sent = [...new URLSearchParams(search)]
  expect(sent).toEqual(
    expect.arrayContaining([
      ['prompt', 'select_account'],
      ['login_hint', 'monika & co'],
      ['max_age', '0'],
      ['acr_values', 'urn:mfa urn:key'],
      ['ui_locales', 'de-AT en'],
      ['claims', '{"id_token":{"acr":{"essential":true}}}'],
      ['authorization_details', '[{"type":"payment","amount":"7 €"}]'],
    ]),
  )
  expect(sent.filter(([name]) => name === 'resource').map(([, value]) => value)).toEqual([
    'https://a.example/',
    'https://b.example/',
  ])
})

test('userInfo() gives claims about the user, and none about anybody else', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture, { scope: ['email'] })
  const { sub, email } = fixture.tenant.users['monika.a'] ?? {}
  expect(await tab.evaluate(() => outcomeOf(auth.userInfo()))).toMatchObject({
    value: { sub, email },
  })
  fixture.tenant.set({ userinfo: 'as-documented' })
  expect(await tab.evaluate(() => outcomeOf(auth.userInfo()))).toMatchObject({
    error: { code: 'userinfo_invalid' },
  })
})

test('signOut() ends the session at the tenant and comes back', async () => {
  const { issuer, clientId, redirectUri } = fixture.options
  const options = { issuer, clientId, redirectUri, postLogoutRedirectUri: '/' }
  fixture.pages.setPage('/', appPage(options))
  const tab = await fixture.open('/somewhere')
  await signIn(tab, fixture)
  await tab.evaluate(() => {
    globalThis.isLeaving = true
    void auth.signOut()
  })
  await whenStarted(tab)
  // Without the state that the provider sent back.
  expect(tab.url()).toBe(`${fixture.origin}/`)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', error: null })
  const [request] = requestsTo(fixture.tenant, 'EndSessionV2')
  expect(request?.query).toMatchObject({
    client_id: clientId,
    post_logout_redirect_uri: `${fixture.origin}/`,
    state: expect.stringMatching(/^[\w-]{43}$/),
  })
  await leave(tab)
  await tab.waitForSelector('#password')
})

test('start() scrubs the state that a sign-out brings back, and nothing else of the address', async () => {
  const options = { ...fixture.options, postLogoutRedirectUri: '/signed-out' }
  for (const path of ['/', '/signed-out']) fixture.pages.setPage(path, appPage(options))
  const addresses = {
    '/signed-out?state=any&tab=1#part': '/signed-out?tab=1#part',
    '/signed-out?tab=1': '/signed-out?tab=1',
    // Of somebody else.
    '/signed-out?code=one&state=any': '/signed-out?code=one&state=any',
    '/elsewhere?state=any': '/elsewhere?state=any',
  }
  for (const [given, left] of Object.entries(addresses)) {
    const tab = await fixture.open(given)
    expect(tab.url()).toBe(fixture.origin + left)
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'no-session' })
    await tab.close()
  }
})

test('the way back from a sign-out is no callback that failed, also at the redirect URI (R122)', async () => {
  const options = { ...fixture.options, postLogoutRedirectUri: fixture.options.redirectUri }
  for (const path of ['/', '/callback']) fixture.pages.setPage(path, appPage(options))
  for (const query of [
    '',
    '?state=',
    '?state=any',
    `?state=${'s'.repeat(43)}`,
    '?state=a&state=b',
  ]) {
    const tab = await fixture.open(`/callback${query}`)
    expect(tab.url()).toBe(`${fixture.origin}/callback`)
    expect(await stateOf(tab)).toMatchObject({
      status: 'signed-out',
      reason: 'no-session',
      error: null,
    })
    expect(await tab.evaluate('started')).toMatchObject({ error: null })
    await tab.close()
  }
})

/** An app that sends everybody to sign in who is not, without a click, and tells the server so. */
const AUTOMATIC = `const { status } = auth.state
await fetch('/report?' + status)
if (status !== 'signed-in') {
  const { error } = await outcomeOf(auth.signIn())
  await fetch('/report?' + error.code)
  globalThis.refusal = error
}`

const reports = () =>
  fixture.pages.requests
    .filter(({ path }) => path.startsWith('/report?'))
    .map(({ path }) => path.slice('/report?'.length))

const SIGNS_IN_WHENEVER_OUT = `auth.subscribe(({ status }) => {
  if (status !== 'signed-out') return
  auth.signIn().catch(({ code, message }) => {
    if (code !== 'discovery_invalid') globalThis.refusal = { code, message }
  })
})`

/** Opens an app that sends its user to the tenant by itself, and signs her in there once. */
async function openAutomatic(user = 'monika.a'): Promise<Page> {
  const { username, password } = completeAtTenant({ username: user })
  const profile = await fixture.newProfile()
  const tab = await profile.newPage()
  await tab.goto(`${fixture.origin}/`)
  await tab.fill('#username', username)
  await tab.fill('#password', password)
  await tab.click('button[type=submit]')
  return tab
}

test('an app whose callback page is of another client stops after three round trips', async () => {
  fixture.tenant.set({ consent: 'never' })
  fixture.pages.setPage('/', appPage(fixture.options, AUTOMATIC))
  fixture.pages.setPage(
    '/callback',
    appPage({ ...fixture.options, clientId: 'another' }, `location.replace('/')`),
  )
  const seen = reports().length
  await openAutomatic()
  await expect
    .poll(() => reports().slice(seen), { timeout: 45_000 })
    .toEqual(['signed-out', 'signed-out', 'signed-out', 'signed-out', 'interaction_required'])
})

test('an app that signs in by itself stops after three round trips that lead nowhere', async () => {
  fixture.pages.setPage(
    '/',
    appPage(fixture.options, AUTOMATIC).replace(
      '<body>',
      '<body><button onclick="auth.signIn()">Sign in</button>',
    ),
  )
  const seen = reports().length
  // He may not run the app, and comes straight back each time.
  const tab = await openAutomatic('peter.b')
  await expect
    .poll(() => reports().slice(seen), { timeout: 45_000 })
    .toEqual(['signed-out', 'signed-out', 'signed-out', 'signed-out', 'interaction_required'])
  // The page knows of it when the report has been answered.
  await tab.waitForFunction(() => 'refusal' in globalThis)
  expect(await tab.evaluate('refusal')).toMatchObject({
    message: 'Three sign-ins within a minute went in circles; the next one needs a click.',
    hint: 'See auth.state.error, or that in the result of auth.start(): it says why they came to nothing.',
  })
  expect(new Set(authorizeRequests().map(({ query }) => query.state)).size).toBe(3)
  expect(await stateOf(tab as Page)).toMatchObject({ status: 'signed-out' })
  // A click is another matter.
  fixture.tenant.endSessions()
  await tab.click('button')
  await signInAtTenant(tab, fixture.origin)
  await expect.poll(() => reports().at(-1)).toBe('signed-in')
})

test.for([
  // That the tenant's own page has led here, after the first sign-in, WebKit alone says.
  ['a few', currentEngine().name === 'webkit' ? 3 : 4, 'Three', ''],
  // Then nobody can tell whether it is the user who has come by an address.
  ['forty', 40, 'Forty', '<meta name="referrer" content="no-referrer">'],
] as const)(
  'an app whose callback never reaches it stops after %s round trips (R35)',
  async ([, count, times, head]) => {
    movesCallback = true
    fixture.tenant.set({ consent: 'never' })
    const app = appPage(fixture.options, AUTOMATIC).replace('<body>', `${head}<body>`)
    fixture.pages.setPage('/', app)
    const tab = await openAutomatic()
    await expect
      .poll(() => tab.evaluate('globalThis.refusal'), { timeout: 45_000 })
      .toMatchObject({
        code: 'interaction_required',
        message: `${times} sign-ins within a minute went in circles; the next one needs a click.`,
      })
    const states = authorizeRequests().map(({ query }) => query.state)
    expect(new Set(states).size).toBe(count)
  },
)

test('an app that signs out and in again at each 401 stops after a dozen round trips', async () => {
  fixture.tenant.set({ consent: 'never' })
  fixture.pages.setPage(
    '/',
    appPage(
      fixture.options,
      `await fetch('/report?' + auth.state.status)
      if (auth.state.status === 'signed-in') await auth.signOut({ local: true })
      const { error } = await outcomeOf(auth.signIn())
      globalThis.refusal = error`,
    ),
  )
  const tab = await openAutomatic()
  await expect
    .poll(() => tab.evaluate('globalThis.refusal'), { timeout: 45_000 })
    .toMatchObject({
      code: 'interaction_required',
      message: 'Twelve sign-ins within a minute went in circles; the next one needs a click.',
      hint: 'See auth.state.error, or that in the result of auth.start(): it says why they came to nothing.',
    })
  expect(new Set(authorizeRequests().map(({ query }) => query.state)).size).toBe(12)
})

test('an app that signs in by itself whenever nobody is signed in stops where that fails at once', async () => {
  fixture.pages.setPage('/metadata', '<h1>Down for maintenance</h1>')
  const metadata = `${fixture.origin}/metadata`
  fixture.pages.setPage('/', appPage({ ...fixture.options, metadata }, SIGNS_IN_WHENEVER_OUT))
  const asked = () => fixture.pages.requests.filter(({ path }) => path === '/metadata').length
  const before = asked()
  const tab = await fixture.open()
  await tab.waitForFunction(() => 'refusal' in globalThis)
  expect(await tab.evaluate('refusal')).toMatchObject({
    code: 'interaction_required',
    message: 'Three sign-ins within a minute went in circles; the next one needs a click.',
  })
  expect(asked() - before).toBe(3)
  // What the state says is why.
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-out',
    reason: 'sign-in-failed',
    error: {
      code: 'discovery_invalid',
      message: `${metadata} has no JSON object (status 200).`,
    },
  })
})
