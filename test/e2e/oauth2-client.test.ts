import type { ServerResponse } from 'node:http'
import type { AuthOptions } from 'tessera-auth'
import { cyberArkIdentity } from 'tessera-auth/cyberark'
import { beforeEach, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { page } from '../browsers/serve-pages.ts'
import {
  appPage,
  type Outcome,
  requestsTo,
  signIn,
  signInAgain,
  stateOf,
  useFixture,
} from './fixture.ts'

declare global {
  /** What a call comes to that is under way. */
  var calling: Promise<Outcome>
}

const fixture = useFixture({
  handle(request, response) {
    if (request.url === '/api/refuses') refusals.push(response)
    if (request.url === '/api/refuses') return true
    if (request.url !== '/token') return false
    void (async () => {
      let body = ''
      for await (const chunk of request) body += chunk
      const { token_endpoint: url } = fixture.tenant.apps['taxefile-api'].metadata
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const tokens = await (await fetch(url, { method: 'POST', headers, body })).json()
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ ...tokens, ...change(tokens) }))
    })()
    return true
  },
})

/** Calls of an API that are not answered before the test says so. */
let refusals: ServerResponse[] = []

/** What the tenant's answer is changed in on its way. */
let change: (tokens: Record<string, string>) => object = () => ({})

beforeEach(() => {
  change = () => ({})
  fixture.pages.setPage('/', appPage(optionsOf()))
})

function optionsOf(): AuthOptions {
  const { issuer, clientId, metadata } = fixture.tenant.apps['taxefile-api']
  return {
    issuer,
    metadata: { ...metadata, token_endpoint: `${fixture.origin}/token` },
    // Of the preset what crosses to the page.
    provider: cyberArkIdentity({ tenant: fixture.tenant.url, application: 'taxefile-api' })
      .provider,
    clientId,
    redirectUri: '/callback',
    postLogoutRedirectUri: '/',
    scope: ['ReadUserProfile'],
    resources: [{ url: `${fixture.tenant.url}/cdirectoryservice/` }, { url: '/api/' }],
  }
}

test('an OAuth2 Client app is signed in without a user, and calls the API of the tenant', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-in',
    user: null,
    scope: ['ReadUserProfile', 'openid'],
    error: null,
  })
  const { query } = requestsTo(fixture.tenant, 'Authorize')[0] ?? {}
  expect(query).toMatchObject({
    client_id: 'taxefile-web',
    scope: 'ReadUserProfile',
    nonce: expect.stringMatching(/^[\w-]{43}$/),
  })
  await tab.reload()
  await tab.waitForFunction(() => globalThis.started)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', user: null })
  expect(await tab.evaluate(() => outcomeOf(auth.userInfo()))).toMatchObject({
    error: {
      code: 'config',
      message: 'userInfo: the scope "openid" is what gives a user.',
    },
  })
})

test('at a provider that is not known to want one, a sign-in without openid has no nonce', async () => {
  fixture.pages.setPage('/', appPage({ ...optionsOf(), provider: {} }))
  fixture.tenant.set({ oauth2IdToken: 'included' })
  const tab = await fixture.open()
  await signIn(tab, fixture)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null })
  const { query } = requestsTo(fixture.tenant, 'Authorize')[0] ?? {}
  expect(query).toEqual({
    response_type: 'code',
    client_id: 'taxefile-web',
    redirect_uri: `${fixture.origin}/callback`,
    scope: 'ReadUserProfile',
    state: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
  })
})

test('an ID token that nobody asked for is verified all the same', async () => {
  fixture.tenant.set({ oauth2IdToken: 'included' })
  const tab = await fixture.open()
  await signIn(tab, fixture)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null })
})

test.for([
  [
    'of a forged signature',
    (token: string) => {
      const [header, payload, signature = ''] = token.split('.')
      return `${header}.${payload}.${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`
    },
  ],
  [
    'without a signature',
    (token: string) => {
      const none = Buffer.from('{"alg":"none"}').toString('base64url')
      return `${none}.${token.split('.')[1]}.`
    },
  ],
  ['that is none', () => 'not.a.token'],
] as const)('an ID token %s is refused, even where nobody asked for one', async ([, forge]) => {
  fixture.tenant.set({ oauth2IdToken: 'included' })
  change = ({ id_token = '' }) => ({ id_token: forge(id_token) })
  const tab = await fixture.open()
  await signIn(tab, fixture)
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-out',
    reason: 'sign-in-failed',
    error: {
      name: 'AuthError',
      code: 'id_token_invalid',
      message: expect.stringMatching(/^The ID token is refused: /),
    },
  })
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toMatchObject({
    error: { code: 'not_authenticated' },
  })
})

test('signOut() ends the session here where the tenant wants an ID token and there is none', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  expect(await tab.evaluate(() => auth.signOut())).toEqual({ redirected: false })
  expect(tab.url()).toBe(`${fixture.origin}/callback`)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
})

const NOT_THE_ONE_WHO_ASKED = {
  error: {
    code: 'signed_out',
    message: 'The user who asked for this is not signed in any more.',
  },
}

/** Somebody else signs in over whoever is signed in. */
async function signInAsPeter(tab: Page) {
  fixture.tenant.endSessions()
  const peter = fixture.tenant.users['peter.b'] ?? { canRun: false }
  peter.canRun = true
  await signIn(tab, fixture, {}, { username: 'peter.b' })
  peter.canRun = false
}

test.for([
  ['after a sign-out', { status: 'signed-out', reason: 'signed-out', error: null }],
  ['without one', { status: 'starting' }],
] as const)(
  'a tab that missed a change of user %s shows it, also where nobody says who it is (R32, R91)',
  async ([how, meanwhile]) => {
    fixture.tenant.set({ consent: 'never' })
    const profile = await fixture.newProfile()
    const tab = await fixture.open('/', profile)
    await signIn(tab, fixture)
    const other = await fixture.open('/other', profile)
    // As good as frozen: it hears of nothing any more.
    await tab.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')))
    if (how === 'after a sign-out') await other.evaluate(() => auth.signOut({ local: true }))
    await signInAsPeter(other)
    const { asked, seen } = await tab.evaluate(async () => {
      const before = states.length
      document.dispatchEvent(new Event('resume', { bubbles: true }))
      return { asked: await outcomeOf(auth.getAccessToken()), seen: states.slice(before) }
    })
    expect(asked).toMatchObject(NOT_THE_ONE_WHO_ASKED)
    expect(seen).toMatchObject([meanwhile, { status: 'signed-in', user: null }])
    expect(await tab.evaluate(() => auth.getAccessToken())).toBe(
      await other.evaluate(() => auth.getAccessToken()),
    )
  },
)

test('a call of one user is not sent again as the next, also where nobody says who it is (R91)', async () => {
  fixture.tenant.set({ consent: 'never' })
  refusals = []
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const other = await fixture.open('/other', profile)
  await tab.evaluate(() => {
    globalThis.calling = outcomeOf(async () => (await auth.fetch('/api/refuses')).status)
  })
  await expect.poll(() => refusals).toHaveLength(1)
  const first = await tab.evaluate(() => auth.getAccessToken())
  await signInAsPeter(other)
  await expect.poll(() => tab.evaluate(() => auth.getAccessToken())).not.toBe(first)
  refusals[0]?.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end()
  expect(await tab.evaluate(() => calling)).toEqual({ value: 401 })
  expect(refusals).toHaveLength(1)
})

test('a step-up goes on with the session, in the other tabs too, also where nobody says who it is', async () => {
  fixture.tenant.set({ consent: 'never' })
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const other = await fixture.open('/other', profile)
  const before = await other.evaluate(() => auth.getAccessToken())
  await other.evaluate(() => {
    states.length = 0
  })
  await signInAgain(tab, { sameUser: true })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', user: null, error: null })
  await expect.poll(() => other.evaluate(() => auth.getAccessToken())).not.toBe(before)
  const seen = await other.evaluate(() => states.map(({ status }) => status))
  expect(new Set(seen)).toEqual(new Set(['signed-in']))
})

test('a hidden frame renews the token of an OAuth2 Client app, and asks for no ID token', async () => {
  fixture.tenant.set({ consent: 'never' })
  const silent = `auth.close()
globalThis.auth = createClient({ capabilities: [silentFrame()] })
await auth.start()
document.title = 'ready'`
  const callback = `import { createAuth } from 'tessera-auth'
import { handOverCallback } from 'tessera-auth/callback'
handOverCallback(createAuth(${JSON.stringify(optionsOf())}))`
  const imports = "import { silentFrame } from 'tessera-auth/silent'"
  fixture.pages.setPage('/', appPage(optionsOf(), silent, imports))
  fixture.pages.setPage('/callback', page(callback))
  const tab = await fixture.open()
  await tab.waitForFunction(() => document.title === 'ready')
  await signIn(tab, fixture)
  await tab.waitForFunction(() => document.title === 'ready')
  const before = await tab.evaluate(() => auth.getAccessToken())
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken({ forceRenewal: true })))).toEqual({
    value: expect.stringMatching(/^eyJ/),
  })
  expect(await tab.evaluate(() => auth.getAccessToken())).not.toBe(before)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', user: null, error: null })
  const { query } = requestsTo(fixture.tenant, 'Authorize').at(-1) ?? {}
  expect(query).toMatchObject({ scope: 'ReadUserProfile', prompt: 'none' })
})

test('an OpenID Connect app is not signed in without an ID token', async () => {
  const { issuer, clientId, metadata } = fixture.tenant.apps['taxefile-api']
  fixture.pages.setPage(
    '/',
    appPage({ issuer, metadata, clientId, redirectUri: '/callback', scope: ['openid'] }),
  )
  const tab = await fixture.open()
  await signIn(tab, fixture)
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-out',
    error: {
      code: 'token_response_invalid',
      message: 'The token response has no usable id_token.',
      hint: 'The app asked for "openid": is it registered for OpenID Connect?',
    },
  })
})

test('a renewal that cannot be stored takes the session from no other tab, also where nobody says who it is', async () => {
  fixture.tenant.set({ consent: 'never', refresh: 'allowed' })
  const profile = await fixture.newProfile()
  const full = await fixture.open('/', profile)
  await signIn(full, fixture)
  expect(await stateOf(full)).toMatchObject({ status: 'signed-in', user: null })
  const other = await fixture.open('/other', profile)
  const token = await other.evaluate(() => auth.getAccessToken())
  const renewed = await full.evaluate(() => {
    IDBObjectStore.prototype.put = function () {
      queueMicrotask(() => this.transaction.abort())
      return {} as IDBRequest<IDBValidKey>
    }
    return auth.getAccessToken({ forceRenewal: true })
  })
  expect(renewed).not.toBe(token)
  const later = await fixture.open('/later', profile)
  for (const tab of [other, later]) {
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null })
    expect(await tab.evaluate(() => auth.getAccessToken())).toBe(token)
  }
})
