import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { signInAtTenant } from '../browsers/sign-in-at-tenant.ts'
import {
  appPage,
  leave,
  type Outcome,
  requestsTo,
  signIn,
  signInAgain,
  stateOf,
  useFixture,
  whenStarted,
} from './fixture.ts'

declare global {
  var asked: Promise<Outcome>
  var given: Outcome | undefined
}

/** How many codes have come to a token endpoint that does not answer. */
let unanswered = 0

/** A provider that takes its time over its keys: who waits for them, until it has none. */
const waiting: ServerResponse[] = []
let hasAnswered = false

/** As file servers that add a slash to the path of a page, and others that take it away. */
const MOVED = [
  ['/adds', '/adds/'],
  ['/takes/', '/takes'],
] as const

const fixture = useFixture({
  handle({ url = '' }, response) {
    const [registered, moved] = MOVED.find(([path]) => url.startsWith(`${path}?`)) ?? []
    if (registered) response.writeHead(308, { location: url.replace(registered, moved) }).end()
    else if (url === '/unanswered/token') unanswered += 1
    else if (url !== '/slow/keys') return false
    else if (hasAnswered) response.end('{"keys":[]}')
    else waiting.push(response)
    return true
  },
})

/** The address that the tenant sent the user back to. */
const lastCallback = () => {
  const isCallback = ({ path }: { path: string }) => path.startsWith('/callback?')
  return fixture.origin + fixture.pages.requests.filter(isCallback).at(-1)?.path
}

const tokenRequests = () => requestsTo(fixture.tenant, 'Token').length

test('an address with user info, as anybody may link to, is scrubbed like any other (R28)', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const forged = `/callback?code=forged&state=${'s'.repeat(43)}`
  await tab.goto(fixture.origin.replace('://', '://user:secret@') + forged)
  await whenStarted(tab)
  expect(await tab.evaluate(() => [scrubbed, document.URL.includes('forged')])).toEqual([
    `${fixture.origin}/callback`,
    false,
  ])
  expect(await tab.evaluate(() => started?.error?.code)).toBe('callback_state')
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in' })
})

test('forms that are named like what the document says of itself hinder no sign-in (R28)', async () => {
  const forms = '<form name="URL"></form><form name="baseURI"></form>'
  fixture.pages.setPage('/', appPage(fixture.options).replace('<body>', `<body>${forms}`))
  const tab = await fixture.open()
  await signIn(tab, fixture)
  expect(
    await tab.evaluate(() => [scrubbed, typeof document.URL, typeof document.baseURI]),
  ).toEqual([`${fixture.origin}/callback`, 'object', 'object'])
  expect(await tab.evaluate(() => started)).toMatchObject({ error: null })
  const url = '/elsewhere'
  expect(await tab.evaluate((url) => outcomeOf(() => auth.getAccessToken({ url })), url)).toEqual({
    error: expect.objectContaining({ code: 'origin_not_allowed' }),
  })
})

test('a browser that refuses to replace the address hinders no sign-in', async () => {
  const profile = await fixture.newProfile()
  await profile.context.addInitScript(() => {
    History.prototype.replaceState = () => {
      throw new DOMException('Attempt to use history.replaceState() too often', 'SecurityError')
    }
  })
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  expect(await tab.evaluate(() => started)).toMatchObject({ error: null })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in' })
})

test('start() completes a sign-in and says who it is, with what, and where to go on', async () => {
  const tab = await fixture.open('/tax?year=2026#form')
  await signIn(tab, fixture, { returnTo: '/tax?year=2026#form', appState: { draft: [1, 'two'] } })
  const { user, ...state } = await stateOf(tab)
  expect(state).toEqual({
    status: 'signed-in',
    renewal: 'idle',
    scope: ['profile', 'accounts.read', 'openid'],
    authorizationDetails: [],
    expiresAt: expect.closeTo(Date.now() + 18_000_000, -5),
    error: null,
    warning: null,
  })
  expect(user).toMatchObject({
    iss: fixture.tenant.apps.taxefile.issuer,
    aud: fixture.options.clientId,
    sub: fixture.tenant.users['monika.a']?.sub,
    unique_name: 'monika.a',
  })
  expect(await tab.evaluate(() => started)).toEqual({
    returnTo: `${fixture.origin}/tax?year=2026#form`,
    appState: { draft: [1, 'two'] },
    error: null,
  })
  expect(tab.url()).toBe(`${fixture.origin}/tax?year=2026#form`)
  expect(tokenRequests()).toBe(1)
})

test('nothing of a sign-in shows while its ID token is being verified (R49)', async () => {
  const { issuer, metadata } = fixture.tenant.apps.taxefile
  const jwks_uri = `${fixture.origin}/slow/keys`
  fixture.pages.setPage(
    '/',
    appPage({ ...fixture.options, issuer, metadata: { ...metadata, jwks_uri } }),
  )
  const profile = await fixture.newProfile()
  const other = await fixture.open('/other', profile)
  const tab = await fixture.open('/', profile)
  await leave(tab)
  await signInAtTenant(tab, fixture.origin)
  const isWaiting = () => waiting.some(({ destroyed }) => !destroyed)
  await expect.poll(isWaiting).toBe(true)
  await tab.evaluate(() => {
    globalThis.asked = outcomeOf(auth.getAccessToken()).then((outcome) => {
      globalThis.given = outcome
      return outcome
    })
  })
  const refused = { error: { code: 'not_authenticated' } }
  expect(await other.evaluate(() => outcomeOf(auth.getAccessToken()))).toMatchObject(refused)
  expect((await stateOf(other)).status).toBe('signed-out')
  expect(await stateOf(tab)).toEqual({ status: 'starting' })
  expect(await tab.evaluate(() => globalThis.given ?? null)).toBe(null)
  expect(isWaiting()).toBe(true)
  hasAnswered = true
  for (const response of waiting) response.end('{"keys":[]}')
  await whenStarted(tab)
  expect(await tab.evaluate(() => started?.error?.code)).toBe('id_token_invalid')
  expect(await tab.evaluate(() => globalThis.asked)).toMatchObject(refused)
  expect((await stateOf(other)).status).toBe('signed-out')
})

test('start() called many times sends the code once and gives all the same result', async () => {
  fixture.pages.setPage(
    '/callback',
    appPage(
      fixture.options,
      `globalThis.same = (await Promise.all([auth.start(), auth.start(), auth.start()]))
        .every((result) => result === started)`,
    ),
  )
  const tab = await fixture.open()
  await signIn(tab, fixture)
  expect(await tab.evaluate(() => (globalThis as never as { same: boolean }).same)).toBe(true)
  expect((await stateOf(tab)).status).toBe('signed-in')
  expect(tokenRequests()).toBe(1)
})

test('two clients on the callback page send the code once, and both are signed in', async () => {
  fixture.pages.setPage(
    '/callback',
    appPage(fixture.options).replace(
      'const starting = auth.start()',
      `const other = createClient()
       globalThis.other = other
       const [starting, second] = [auth.start(), other.start()]
       globalThis.second = second`,
    ),
  )
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const other = await tab.evaluate(async () => {
    const { other, second } = globalThis as never as {
      other: typeof auth
      second: Promise<unknown>
    }
    await second
    return [other.state.status, await other.getAccessToken()]
  })
  expect(other).toEqual(['signed-in', await tab.evaluate(() => auth.getAccessToken())])
  expect(tokenRequests()).toBe(1)
})

const ELSEWHERE = { issuer: 'https://elsewhere.example/', clientId: 'another' }
/** How a client of another provider may be on the callback page, before the one that signs in. */
const OTHERS = {
  'has started before': `globalThis.other = createClient(${JSON.stringify(ELSEWHERE)})
    globalThis.second = await other.start()`,
  'starts in the same tick': `globalThis.other = createClient(${JSON.stringify(ELSEWHERE)})
    void other.start().then((result) => { globalThis.second = result })`,
  'is of another copy of the package': `globalThis.other = tessera.createAuth({ ...options, ...${JSON.stringify(ELSEWHERE)} })
    globalThis.second = await other.start()`,
}

test.for(Object.keys(OTHERS) as (keyof typeof OTHERS)[])(
  'a callback is left to the client that began the sign-in, where one of another provider %s (R136)',
  async (how) => {
    fixture.pages.setPage(
      '/callback',
      appPage(fixture.options)
        .replace('<script type="module"', '<script src="/dist/tessera-auth.min.js"></script>$&')
        .replace('const starting', `${OTHERS[how]}\nconst starting`),
    )
    fixture.tenant.set({ issParameter: 'sent' })
    const tab = await fixture.open()
    await signIn(tab, fixture, { returnTo: '/after' })
    await tab.waitForFunction(() => (globalThis as never as { second?: unknown }).second)
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null })
    expect(await tab.evaluate(() => scrubbed)).toBe(`${fixture.origin}/callback`)
    expect(tab.url()).toBe(`${fixture.origin}/after`)
    const { second, state } = await tab.evaluate(() => {
      const { other, second } = globalThis as never as { other: typeof auth; second: unknown }
      return { second, state: other.state }
    })
    expect(second).toEqual({ returnTo: null, appState: null, error: null })
    expect(state).toMatchObject({ status: 'signed-out', reason: 'no-session', error: null })
    expect(tokenRequests()).toBe(1)
  },
)

test('a forged callback is reported by the client that it finds, whoever signs in meanwhile', async () => {
  const tab = await fixture.open()
  await leave(tab)
  await tab.waitForSelector('#username')
  await tab.goto(`${fixture.origin}/callback`)
  await whenStarted(tab)
  for (const [name, query, code] of FORGED) {
    const found = await tab.evaluate(
      async ([elsewhere, address]) => {
        history.replaceState(null, '', address)
        const other = createClient(elsewhere)
        const { error } = await other.start()
        other.close()
        return [error?.code, location.href] as const
      },
      [ELSEWHERE, forgedAddress(query)] as const,
    )
    expect(found, name).toEqual([code, `${fixture.origin}/callback`])
  }
})

test('a reload in the middle of the exchange sends no code again, and the next sign-in works', async () => {
  const { issuer, metadata } = fixture.tenant.apps.taxefile
  const token_endpoint = `${fixture.origin}/unanswered/token`
  const options = { ...fixture.options, issuer, metadata: { ...metadata, token_endpoint } }
  fixture.pages.setPage('/', appPage(options))
  const tab = await fixture.open()
  await leave(tab)
  await tab.fill('#username', 'monika.a')
  await tab.fill('#password', 'Monika-demo-1')
  await tab.click('button[type=submit]')
  await tab.waitForURL(/\/consent/)
  await tab.click('button[value=allow]')
  await expect.poll(() => unanswered).toBe(1)
  fixture.pages.setPage('/', appPage(fixture.options))
  await tab.reload()
  await whenStarted(tab)
  expect([unanswered, tokenRequests()]).toEqual([1, 0])
  const state = await stateOf(tab)
  expect(state).toMatchObject({ status: 'signed-out', reason: 'no-session' })
  await signInAgain(tab)
  expect((await stateOf(tab)).status).toBe('signed-in')
})

test('the callback address, opened once more, leaves the session as it is', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const token = await tab.evaluate(() => auth.getAccessToken())
  await tab.goto(lastCallback())
  await whenStarted(tab)
  expect(await tab.evaluate(() => started)).toEqual({ returnTo: null, appState: null, error: null })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null })
  expect(await tab.evaluate(() => auth.getAccessToken())).toBe(token)
  expect(tab.url()).toBe(`${fixture.origin}/callback`)
  expect(tokenRequests()).toBe(1)
})

test('the callback address, opened after sign-out, says that it was used', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  await tab.evaluate(() => auth.signOut({ local: true }))
  await tab.goto(lastCallback())
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-out',
    reason: 'sign-in-failed',
    error: {
      code: 'callback_state',
      message: 'The callback was used before. Sign in again.',
      retryable: false,
    },
  })
  expect(tokenRequests()).toBe(1)
  await signInAgain(tab)
  expect((await stateOf(tab)).status).toBe('signed-in')
})

test('the back button after a sign-in leads to a page that is signed in', async () => {
  const tab = await fixture.open('/before')
  await signIn(tab, fixture, { returnTo: '/after' })
  await tab.goto(`${fixture.origin}/elsewhere`)
  await whenStarted(tab)
  await tab.goBack()
  await whenStarted(tab)
  expect(tab.url()).toBe(`${fixture.origin}/after`)
  await expect.poll(async () => (await stateOf(tab)).status).toBe('signed-in')
  expect((await stateOf(tab)).error).toBe(null)
  expect(tokenRequests()).toBe(1)
})

test('the back button at the tenant leads to a page that can sign in', async () => {
  const tab = await fixture.open()
  await leave(tab)
  await tab.waitForSelector('#username')
  await tab.goBack()
  await tab.waitForFunction(() => globalThis.auth?.state.status === 'signed-out')
  await tab.evaluate(() => {
    globalThis.isLeaving = false
  })
  await signIn(tab, fixture)
  expect((await stateOf(tab)).status).toBe('signed-in')
})

test('a callback that does not say who answers is refused where two providers answer at one address (R23)', async () => {
  const other = `globalThis.other = createClient(${JSON.stringify(ELSEWHERE)})`
  fixture.pages.setPage('/', appPage(fixture.options, other))
  fixture.pages.setPage(
    '/callback',
    appPage(fixture.options).replace('const starting', `${other}\nconst starting`),
  )
  const tab = await fixture.open()
  await signIn(tab, fixture)
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-out',
    reason: 'sign-in-failed',
    error: {
      code: 'callback_issuer',
      message: 'The callback is not from the provider that was asked.',
      hint: 'It does not say who answers, and two providers have this redirectUri: give each its own.',
    },
  })
  expect(tokenRequests()).toBe(0)
  // The one beside it is gone: nothing is shared any more.
  await tab.evaluate(() => (globalThis as never as { other: typeof auth }).other.close())
  fixture.pages.setPage('/callback', appPage(fixture.options))
  await signInAgain(tab)
  expect((await stateOf(tab)).status).toBe('signed-in')
})

const FORGED: readonly (readonly [string, string, string, string])[] = [
  [
    'of a state nobody sent',
    'code=c&state=forged',
    'callback_state',
    'The callback belongs to no sign-in of this browser.',
  ],
  ['without a state', 'code=c', 'callback_state', 'The callback has no state, or several.'],
  [
    'with an empty state',
    'code=c&state=',
    'callback_state',
    'The callback has no state, or several.',
  ],
  [
    'with two states',
    'code=c&state=a&state=b',
    'callback_state',
    'The callback has no state, or several.',
  ],
  [
    'with two codes',
    'code=c&code=d&state=forged',
    'callback_invalid',
    'The callback has one "code" too many.',
  ],
  [
    'with an access token',
    'access_token=a&state=forged',
    'callback_invalid',
    'The callback has one "access_token" too many.',
  ],
  [
    'with an error',
    'error=access_denied&state=forged',
    'callback_state',
    'The callback belongs to no sign-in of this browser.',
  ],
  [
    'in the fragment',
    '#code=c&state=forged',
    'callback_state',
    'The callback has no state, or several.',
  ],
  [
    'of broken encoding',
    'code=%E0%A4%A&state=%ff%00%d8',
    'callback_state',
    'The callback belongs to no sign-in of this browser.',
  ],
]

const forgedAddress = (query: string) =>
  `${fixture.origin}/callback${query.startsWith('#') ? '' : '?'}${query}`

test('a forged callback leaves a session untouched', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const token = await tab.evaluate(() => auth.getAccessToken())
  for (const [name, query, code, message] of FORGED) {
    await tab.goto('about:blank')
    await tab.goto(forgedAddress(query))
    await whenStarted(tab)
    const state = await stateOf(tab)
    expect(state, name).toMatchObject({ status: 'signed-in', error: { code, message } })
    expect(await tab.evaluate(() => auth.getAccessToken()), name).toBe(token)
    expect(tab.url(), name).toBe(`${fixture.origin}/callback`)
  }
  expect(tokenRequests()).toBe(1)
})

test('a forged callback leaves a pending sign-in untouched', async () => {
  const pending = await fixture.open()
  await leave(pending)
  await pending.waitForSelector('#username')
  const forged = await pending.context().newPage()
  for (const [name, query, code, message] of FORGED) {
    await forged.goto('about:blank')
    await forged.goto(forgedAddress(query))
    await whenStarted(forged)
    expect(await stateOf(forged), name).toMatchObject({
      status: 'signed-out',
      reason: 'sign-in-failed',
      error: { code, message },
    })
  }
  expect(tokenRequests()).toBe(0)
  await signInAtTenant(pending, fixture.origin)
  await whenStarted(pending)
  expect((await stateOf(pending)).status).toBe('signed-in')
  expect(tokenRequests()).toBe(1)
})

test('an error that the tenant sends without a state is named, if it is a known one, and not acted on (R25)', async () => {
  fixture.tenant.set({ stateOnErrors: 'omitted' })
  const { issuer } = fixture.tenant.apps.taxefile
  const tenant = new URL(issuer).origin
  const imports = `import { cyberArkIdentity } from 'tessera-auth/cyberark'
const preset = cyberArkIdentity(${JSON.stringify({ tenant, application: 'taxefile' })})`
  const wrong = { ...fixture.options, clientId: 'wrong' }
  const html = appPage(wrong, '', imports).replace('= createClient()', '= createClient(preset)')
  fixture.pages.setPage('/', html)
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const message = 'The callback has no state, or several.'
  const error = { name: 'AuthError', code: 'callback_state', message, retryable: false }
  const refused = await stateOf(tab)
  expect(refused).toMatchObject({ status: 'signed-out', reason: 'sign-in-failed' })
  expect(refused.error).toEqual({
    ...error,
    hint: expect.stringMatching(
      /^If the provider sent it, it refused the sign-in by "invalid_client"\. Either the client id is wrong, .+ trusted DNS domains /,
    ),
  })
  expect(tokenRequests()).toBe(0)
  // Whoever makes a link chooses its words.
  for (const query of ['error=call+0800+1234', 'error=access_denied&state=a&state=b']) {
    await tab.goto('about:blank')
    await tab.goto(forgedAddress(query))
    await whenStarted(tab)
    expect((await stateOf(tab)).error, query).toEqual(error)
  }
})

test('a callback that names another issuer is refused, and the true one still completes', async () => {
  const tab = await fixture.open()
  await leave(tab)
  await tab.waitForSelector('#username')
  const state = requestsTo(fixture.tenant, 'Authorize').at(-1)?.query.state
  const forged = await tab.context().newPage()
  await forged.goto(`${fixture.origin}/callback?code=c&state=${state}&iss=https://evil.example/`)
  await whenStarted(forged)
  expect((await stateOf(forged)).error).toMatchObject({
    code: 'callback_issuer',
    message: 'The callback is not from the provider that was asked.',
  })
  expect(tokenRequests()).toBe(0)
  await signInAtTenant(tab, fixture.origin)
  await whenStarted(tab)
  expect((await stateOf(tab)).status).toBe('signed-in')
})

test('the issuer in a callback is accepted where it is the right one', async () => {
  fixture.tenant.set({ issParameter: 'sent' })
  const tab = await fixture.open()
  await signIn(tab, fixture)
  expect((await stateOf(tab)).status).toBe('signed-in')
})

test('five sign-ins under way at once are completed in reverse order', async () => {
  const profile = await fixture.newProfile()
  const tabs: Page[] = []
  for (const number of [1, 2, 3, 4, 5]) {
    const tab = await fixture.open('/', profile)
    await leave(tab, { returnTo: `/${number}`, appState: number })
    await tab.waitForSelector('#username')
    tabs.push(tab)
  }
  for (const [index, tab] of [...tabs.entries()].reverse()) {
    await signInAtTenant(tab, fixture.origin)
    await whenStarted(tab)
    expect((await stateOf(tab)).status).toBe('signed-in')
    expect(await tab.evaluate(() => started?.appState)).toBe(index + 1)
    expect(tab.url()).toBe(`${fixture.origin}/${index + 1}`)
  }
  expect(tokenRequests()).toBe(5)
  const tokens = () => Promise.all(tabs.map((tab) => tab.evaluate(() => auth.getAccessToken())))
  await expect.poll(async () => new Set(await tokens()).size).toBe(1)
})

test('signIn() called twice in a tick makes one request', async () => {
  const tab = await fixture.open()
  await tab.evaluate(() => {
    globalThis.isLeaving = true
    void auth.signIn()
    void auth.signIn()
  })
  await signInAtTenant(tab, fixture.origin)
  await whenStarted(tab)
  const states = requestsTo(fixture.tenant, 'Authorize').map(({ query }) => query.state)
  expect(new Set(states.filter(Boolean)).size).toBe(1)
})

test('an error of the provider becomes an error of ours, and the next sign-in works', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture, {}, { decision: 'deny' })
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-out',
    reason: 'sign-in-failed',
    error: {
      name: 'AuthError',
      code: 'authorization_error',
      message: 'The provider refused the sign-in: access_denied.',
      providerError: 'access_denied',
      retryable: false,
    },
  })
  expect(tab.url()).toBe(`${fixture.origin}/callback`)
  expect(tokenRequests()).toBe(0)
  await leave(tab)
  await tab.click('button[value=allow]')
  await whenStarted(tab)
  expect((await stateOf(tab)).status).toBe('signed-in')
})

test('an error of the provider leaves the session that was there', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const token = await tab.evaluate(() => auth.getAccessToken())
  await leave(tab, { scope: ['payments.write'] })
  await tab.click('button[value=deny]')
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-in',
    error: { code: 'authorization_error', providerError: 'access_denied' },
  })
  expect(await tab.evaluate(() => auth.getAccessToken())).toBe(token)
})

test('start() scrubs the address before it waits, and keeps the query and hash of the app', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  expect(await tab.evaluate(() => scrubbed)).toBe(`${fixture.origin}/callback`)
  await tab.goto(
    `${fixture.origin}/callback?tab=1&code=c&q=a+b%20c&plain&state=s&e=%C3%A9&error=e&iss=i#part-2`,
  )
  await whenStarted(tab)
  const own = `${fixture.origin}/callback?tab=1&q=a+b%20c&plain&e=%C3%A9#part-2`
  expect(await tab.evaluate(() => scrubbed)).toBe(own)
  expect(tab.url()).toBe(own)
})

const FOREIGN = [
  '/shop?code=SALE&state=CA',
  '/shop?error=none&state=TX#code=1',
  '/callback/?code=1&state=2',
  '/callback/next?code=1&state=2',
  '/callback2?code=1&state=2',
  '/Callback?code=1&state=2',
  '/callback?step=2',
]

test('a foreign address is left alone', async () => {
  const tab = await fixture.open()
  for (const path of FOREIGN) {
    await tab.goto(fixture.origin + path)
    await whenStarted(tab)
    expect(tab.url()).toBe(fixture.origin + path)
    const nothing = { returnTo: null, appState: null, error: null }
    expect(await tab.evaluate(() => started), path).toEqual(nothing)
    expect(await stateOf(tab), path).toEqual({
      status: 'signed-out',
      reason: 'no-session',
      error: null,
      warning: null,
    })
  }
  expect(fixture.tenant.log).toEqual([])
})

test.for(['/', '/shop/'])(
  'a foreign code at %s is left alone where that is the redirect URI (R30)',
  async (folder) => {
    fixture.tenant.registerRedirectUris(fixture.origin + folder)
    fixture.pages.setPage(folder, appPage({ ...fixture.options, redirectUri: folder }))
    const foreign = `${fixture.origin}${folder}?code=SALE&state=CA`
    const tab = await fixture.open(`${folder}?code=SALE&state=CA`)
    expect(tab.url()).toBe(foreign)
    expect(await tab.evaluate(() => started)).toEqual({
      returnTo: null,
      appState: null,
      error: null,
    })
    // Also on the way back from a sign-in that the user broke off.
    await leave(tab)
    await tab.waitForSelector('#username')
    await tab.goBack()
    await tab.waitForFunction(() => globalThis.auth?.state.status === 'signed-out')
    expect(tab.url()).toBe(foreign)
    expect((await stateOf(tab)).error).toMatchObject({ code: 'sign_in_interrupted' })
    await tab.evaluate(() => {
      globalThis.isLeaving = false
    })
    await signIn(tab, fixture)
    expect((await stateOf(tab)).status).toBe('signed-in')
    expect(tab.url()).toBe(fixture.origin + folder)
  },
)

test.for(MOVED)('a callback to %s is completed where the server moves it to %s', async (paths) => {
  const [registered, moved] = paths
  const options = { ...fixture.options, redirectUri: registered }
  fixture.tenant.registerRedirectUris(fixture.origin + registered)
  fixture.pages.setPage('/', appPage(options))
  fixture.pages.setPage(moved, appPage(options))
  const tab = await fixture.open()
  await signIn(tab, fixture)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in' })
  expect(tab.url()).toBe(fixture.origin + moved)
})

test.for(['code=forged', 'error=access_denied'])(
  'where a server moves the callback to, a forged %s sends nothing and leaves the session (R20)',
  async (forged) => {
    const tab = await fixture.open()
    await signIn(tab, fixture)
    fixture.tenant.clearLog()
    fixture.pages.setPage('/callback/', appPage(fixture.options))
    await tab.goto(`${fixture.origin}/callback/?${forged}&state=${'a'.repeat(43)}`)
    await whenStarted(tab)
    expect(await tab.evaluate(() => outcomeOf(Promise.reject(started?.error)))).toMatchObject({
      error: {
        code: 'callback_state',
        message: 'The callback belongs to no sign-in of this browser.',
      },
    })
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-in' })
    expect(tab.url()).toBe(`${fixture.origin}/callback/`)
    expect(requestsTo(fixture.tenant, 'Token')).toHaveLength(0)
  },
)

test.for(['/', '/shop/'])(
  'a provider that answers without the state is reported at %s, where that is the redirect URI',
  async (folder) => {
    fixture.tenant.registerRedirectUris(fixture.origin + folder)
    fixture.pages.setPage(folder, appPage({ ...fixture.options, redirectUri: folder }))
    const tab = await fixture.open(folder)
    await leave(tab)
    await tab.waitForSelector('#username')
    await tab.goto(`${fixture.origin}${folder}?code=c`)
    await whenStarted(tab)
    expect(tab.url()).toBe(fixture.origin + folder)
    expect((await stateOf(tab)).error).toMatchObject({
      code: 'callback_state',
      message: 'The callback has no state, or several.',
    })
  },
)

test('a second tab is signed in without a request to the tenant', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const profile = tab.context()
  fixture.tenant.clearLog()
  const second = await profile.newPage()
  await second.goto(`${fixture.origin}/second`)
  await whenStarted(second)
  expect((await stateOf(second)).status).toBe('signed-in')
  expect(await second.evaluate(() => auth.getAccessToken())).toBe(
    await tab.evaluate(() => auth.getAccessToken()),
  )
  await tab.reload()
  await whenStarted(tab)
  expect((await stateOf(tab)).status).toBe('signed-in')
  expect(fixture.tenant.log).toEqual([])
})

test('a sign-in reaches the tab that was open before', async () => {
  const profile = await fixture.newProfile()
  const waiting = await fixture.open('/waiting', profile)
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  await expect.poll(async () => (await stateOf(waiting)).status).toBe('signed-in')
  expect((await stateOf(waiting)).user).toEqual((await stateOf(tab)).user)
})

test('signOut() reaches the other tabs', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const others = [await fixture.open('/two', profile), await fixture.open('/three', profile)]
  await tab.evaluate(() => auth.signOut({ local: true }))
  for (const other of others) await other.waitForFunction(() => auth.state.status === 'signed-out')
  for (const other of [tab, ...others]) {
    expect(await stateOf(other)).toEqual({
      status: 'signed-out',
      reason: 'signed-out',
      error: null,
      warning: null,
    })
    expect(await other.evaluate(() => outcomeOf(auth.getAccessToken()))).toMatchObject({
      error: { code: 'not_authenticated', message: 'Nobody is signed in: call auth.signIn().' },
    })
  }
})
