import type { IncomingMessage, ServerResponse } from 'node:http'
import { beforeEach, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { submitSignIn } from '../browsers/submit-sign-in.ts'
import { moveClock, useClock, wake } from './clock.ts'
import {
  appPage,
  leave,
  requestsTo,
  signIn,
  signInAgain,
  stateOf,
  useFixture,
  whenStarted,
} from './fixture.ts'
import { renewAndSignOut } from './sign-out-midway.ts'

declare global {
  /** How often the client asked whether there is a network. */
  var looks: number
}

/** What stands between the app and the tenant's token endpoint, for renewals. */
let disturb: ((response: ServerResponse, tokens: Record<string, unknown>) => void) | undefined

const fixture = useFixture({
  handle(request, response) {
    if (request.url !== '/token') return false
    void passOn(request, response)
    return true
  },
})

async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = ''
  for await (const chunk of request) body += chunk
  const renews = body.includes('grant_type=refresh_token')
  const { token_endpoint: url } = fixture.tenant.apps.taxefile.metadata
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await fetch(url, { method: 'POST', headers, body })
  const tokens = await answer.json()
  if (renews && disturb) return disturb(response, tokens)
  response.writeHead(answer.status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(tokens))
}

beforeEach(() => {
  disturb = undefined
  fixture.tenant.set({ refresh: 'allowed' })
})

/** Makes the page's client ask for tokens by way of {@link disturb}. */
function useDisturbance(options: object = {}): void {
  const { issuer, metadata } = fixture.tenant.apps.taxefile
  const token_endpoint = `${fixture.origin}/token`
  fixture.pages.setPage(
    '/',
    appPage({
      ...fixture.options,
      issuer,
      metadata: { ...metadata, token_endpoint },
      ...options,
    }),
  )
}

async function openSignedIn(path = '/'): Promise<Page> {
  const tab = await fixture.open(path)
  await signIn(tab, fixture)
  return tab
}

const renewals = () =>
  requestsTo(fixture.tenant, 'Token').filter(({ body }) => body.includes('refresh_token'))
const renew = (tab: Page) =>
  tab.evaluate(() => outcomeOf(auth.getAccessToken({ forceRenewal: true })))
const tokenOf = (tab: Page) => tab.evaluate(() => auth.getAccessToken())

const ONLY_THE_USER = 'Only the user can get this access token: call auth.signIn().'

test.for(['on', 'off'] as const)(
  'twenty callers in each of three tabs make one token request, rotation %s',
  async (rotation) => {
    fixture.tenant.set({ rotation, tokenLifetime: 3 })
    const profile = await fixture.newProfile()
    const tabs = [await fixture.open('/', profile)]
    await signIn(tabs[0] as Page, fixture)
    tabs.push(await fixture.open('/two', profile), await fixture.open('/three', profile))
    for (const tab of tabs) {
      await tab.waitForFunction(() => {
        const { state } = auth
        return state.status === 'signed-in' && Date.now() > (state.expiresAt ?? 0)
      })
    }
    // The renewed one lives long enough for everybody to get hold of it.
    fixture.tenant.set({ tokenLifetime: 600, latency: 200 })
    const given = await Promise.all(
      tabs.map((tab) =>
        tab.evaluate(() => Promise.all(Array.from({ length: 20 }, () => auth.getAccessToken()))),
      ),
    )
    expect(new Set(given.flat()).size).toBe(1)
    expect(given.flat()).toHaveLength(60)
    expect(renewals()).toHaveLength(1)
    // With rotation, a refresh token that came twice would have ended the session by now.
    for (const tab of tabs) expect((await stateOf(tab)).status).toBe('signed-in')
    expect(await renew(tabs[1] as Page)).toEqual({ value: expect.any(String) })
    expect(renewals()).toHaveLength(2)
  },
)

test('getAccessToken() renews when it is told to, even while the page starts', async () => {
  fixture.pages.setPage(
    '/early',
    appPage(fixture.options).replace(
      'const starting =',
      'globalThis.early = outcomeOf(auth.getAccessToken({ forceRenewal: true }))\nconst starting =',
    ),
  )
  const tab = await openSignedIn()
  const before = await tokenOf(tab)
  await tab.goto(`${fixture.origin}/early`)
  const { value } = await tab.evaluate(
    () => (globalThis as never as { early: Promise<{ value: string }> }).early,
  )
  expect(value).not.toBe(before)
  expect(renewals()).toHaveLength(1)
})

test('getAccessToken() renews when it is told to, whatever has the page look again meanwhile', async () => {
  const tab = await openSignedIn()
  const [before, after] = await tab.evaluate(async () => {
    const before = await auth.getAccessToken()
    const { getAll } = IDBObjectStore.prototype
    IDBObjectStore.prototype.getAll = function () {
      IDBObjectStore.prototype.getAll = getAll
      document.dispatchEvent(new Event('visibilitychange'))
      return getAll.call(this)
    }
    return [before, await auth.getAccessToken({ forceRenewal: true })]
  })
  expect(after).not.toBe(before)
  expect(renewals()).toHaveLength(1)
})

test('a renewal reaches the other tabs', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const other = await fixture.open('/other', profile)
  const before = await tokenOf(other)
  const { value } = (await renew(tab)) as { value: string }
  await expect.poll(() => tokenOf(other)).toBe(value)
  expect(value).not.toBe(before)
  expect(renewals()).toHaveLength(1)
})

test('getAccessToken() keeps the session where the tenant refuses to renew, and asks it once', async () => {
  fixture.tenant.set({ refresh: 'refused' })
  const tab = await openSignedIn()
  const token = await tokenOf(tab)
  for (const _ of [1, 2]) {
    expect(await renew(tab)).toEqual({
      error: {
        name: 'AuthError',
        code: 'interaction_required',
        message: ONLY_THE_USER,
        retryable: false,
      },
    })
  }
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null })
  expect(await tokenOf(tab)).toBe(token)
  expect(renewals()).toHaveLength(1)
})

test.for(['refused', 'withheld'] as const)(
  'a session whose refresh is %s says that it expires, and then that it has',
  async (refresh) => {
    fixture.tenant.set({ refresh, tokenLifetime: 300 })
    const profile = await fixture.newProfile()
    await useClock(profile)
    const tab = await fixture.open('/', profile)
    await signIn(tab, fixture)
    if (refresh === 'refused') await renew(tab)
    for (const [seconds, renewal] of [
      [230, 'expiring'],
      [100, 'expired'],
    ] as const) {
      await moveClock(tab, { device: seconds * 1_000, page: seconds * 1_000 })
      await wake(tab)
      await expect.poll(() => stateOf(tab)).toMatchObject({ status: 'signed-in', renewal })
    }
    const seen = await tab.evaluate(() =>
      states.map((state) => (state.status === 'signed-in' ? state.renewal : state.status)),
    )
    expect(seen.slice(-2)).toEqual(['expiring', 'expired'])
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null })
    expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toEqual({
      error: {
        name: 'AuthError',
        code: 'session_expired',
        message: ONLY_THE_USER,
        retryable: false,
      },
    })
    expect((await stateOf(tab)).status).toBe('signed-in')
    await signInAgain(tab)
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', renewal: 'idle' })
    expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toEqual({
      value: expect.any(String),
    })
  },
)

test('a session that turns out to be past renewing says that it expires in its time, not at once', async () => {
  fixture.tenant.set({ tokenLifetime: 3600 })
  useDisturbance()
  const profile = await fixture.newProfile()
  await useClock(profile)
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  disturb = (response) => response.writeHead(500).end()
  expect(await renew(tab)).toMatchObject({ error: { code: 'provider_unavailable' } })
  disturb = undefined
  fixture.tenant.set({ refresh: 'refused' })
  await moveClock(tab, { device: 60_000, page: 60_000 })
  await tab.evaluate(() => void dispatchEvent(new Event('online')))
  await tab.waitForFunction(() => (auth.state as { renewal?: string }).renewal === 'idle')
  await moveClock(tab, { device: 120_000, page: 120_000 })
  await wake(tab)
  // It waits for the look that waking up is.
  await tab.evaluate(() => auth.getAccessToken())
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', renewal: 'idle' })
  await moveClock(tab, { device: 3_150_000, page: 3_150_000 })
  await wake(tab)
  await tab.waitForFunction(() => (auth.state as { renewal?: string }).renewal === 'expiring')
})

test('requireSession() sends the user to sign in where the access token has run out for good', async () => {
  fixture.tenant.set({ refresh: 'withheld', tokenLifetime: 2 })
  const tab = await openSignedIn()
  await tab.waitForFunction(() => (auth.state as { renewal?: string }).renewal === 'expired')
  fixture.tenant.set({ tokenLifetime: 600 })
  await tab.evaluate(() => {
    globalThis.isLeaving = true
    void auth.requireSession({ returnTo: '/guarded' })
  })
  await tab.waitForURL('**/guarded')
  const state = await tab.evaluate(() => auth.requireSession())
  expect(state).toMatchObject({ status: 'signed-in', renewal: 'idle' })
})

test('requireSession() sends the user to sign in where a token ran out while no page was open, and only she can renew it', async () => {
  fixture.tenant.set({ refresh: 'refused', tokenLifetime: 2 })
  const tab = await openSignedIn()
  const expiresAt = await tab.evaluate(() => (auth.state as { expiresAt: number }).expiresAt)
  await tab.goto('about:blank')
  await expect.poll(() => Date.now()).toBeGreaterThan(expiresAt)
  fixture.tenant.set({ tokenLifetime: 600 })
  const guard = `globalThis.guarded = await auth.requireSession({ returnTo: '/guarded' })`
  fixture.pages.setPage('/', appPage(fixture.options, guard))
  await tab.goto(`${fixture.origin}/guard`)
  await tab.waitForURL('**/guarded')
  await tab.waitForFunction(() => 'guarded' in globalThis)
  expect(await tab.evaluate('guarded')).toMatchObject({ status: 'signed-in', renewal: 'idle' })
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toMatchObject({
    value: expect.any(String),
  })
})

test('an invalid_grant ends the session in every tab, and signing in works again', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const other = await fixture.open('/other', profile)
  fixture.tenant.revokeAll()
  expect(await renew(tab)).toEqual({
    error: {
      name: 'AuthError',
      code: 'session_expired',
      message: 'The provider ended the session: The provider refused: invalid_grant.',
      providerError: 'invalid_grant',
      providerErrorDescription: 'supplied refresh token does not match known request',
      retryable: false,
    },
  })
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-out',
    reason: 'session-ended',
    error: { code: 'session_expired', providerError: 'invalid_grant' },
  })
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toMatchObject({
    error: { code: 'session_expired', message: 'Nobody is signed in: call auth.signIn().' },
  })
  await expect.poll(async () => (await stateOf(other)).status).toBe('signed-out')
  await signInAgain(tab)
  expect((await stateOf(tab)).status).toBe('signed-in')
  await expect.poll(async () => (await stateOf(other)).status).toBe('signed-in')
})

test('a sign-in that is under way when the provider ends the session is completed all the same', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const other = await fixture.open('/other', profile)
  await leave(other, { prompt: 'login', returnTo: '/place', appState: 'a basket' })
  await other.waitForURL(({ pathname }) => pathname === '/login')
  fixture.tenant.revokeAll()
  expect(await renew(tab)).toMatchObject({ error: { code: 'session_expired' } })
  await submitSignIn(other, fixture.origin)
  await whenStarted(other)
  expect(await other.evaluate(() => started)).toEqual({
    returnTo: `${fixture.origin}/place`,
    appState: 'a basket',
    error: null,
  })
  expect(await stateOf(other)).toMatchObject({ status: 'signed-in', error: null })
  await expect.poll(() => tokenOf(tab)).toBe(await tokenOf(other))
})

const PASSING: readonly (readonly [string, (response: ServerResponse) => void, object])[] = [
  [
    'a 500',
    (response) => response.writeHead(500).end('oops'),
    {
      code: 'provider_unavailable',
      message: 'The provider refused: status 500.',
      status: 500,
    },
  ],
  [
    'a 503 that asks to wait',
    (response) => response.writeHead(503, { 'retry-after': '90' }).end(),
    {
      code: 'provider_unavailable',
      message: 'The provider refused: status 503.',
      status: 503,
      retryAfter: 90_000,
    },
  ],
  [
    'a 429',
    (response) => response.writeHead(429).end('{"error":"slow_down"}'),
    {
      code: 'provider_unavailable',
      message: 'The provider refused: slow_down.',
      status: 429,
    },
  ],
  [
    'a page instead of JSON',
    (response) => response.end('<!doctype html><title>Hi</title>'),
    {
      code: 'token_response_invalid',
      message: 'The token response has no usable access_token.',
    },
  ],
  [
    'an empty answer',
    (response) => response.end(),
    {
      code: 'token_response_invalid',
      message: 'The token response has no usable access_token.',
    },
  ],
  [
    'a list',
    (response) => response.end('[{"access_token":"a"}]'),
    {
      code: 'token_response_invalid',
      message: 'The token response has no usable access_token.',
    },
  ],
  [
    'a token of another type',
    (response) => response.end('{"access_token":"a","token_type":"mac"}'),
    {
      code: 'token_response_invalid',
      message: 'The token response has no usable token_type.',
    },
  ],
  ['a cut connection', (response) => response.destroy(), { code: 'network' }],
  [
    'half an answer',
    (response) => {
      response.writeHead(200, { 'content-length': '500' })
      response.write('{"access_token":')
      setTimeout(() => response.destroy(), 50)
    },
    { code: 'network' },
  ],
  ['no answer', () => {}, { code: 'timeout' }],
  [
    'an answer that never ends',
    (response) => void response.write('{"access_token":'),
    { code: 'timeout' },
  ],
]

test.for(PASSING)('%s to a renewal signs nobody out', async ([, answer, error]) => {
  useDisturbance()
  const tab = await openSignedIn()
  if ('code' in error && error.code === 'timeout') {
    // From here on, because a sign-in may take longer.
    useDisturbance({ timeout: 1500 })
    await tab.reload()
    await tab.waitForFunction(() => globalThis.started)
  }
  const token = await tokenOf(tab)
  disturb = answer
  expect(await renew(tab)).toMatchObject({ error: { name: 'AuthError', ...error } })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', renewal: 'retrying', error })
  expect(await tokenOf(tab)).toBe(token)
  await tab.reload()
  await tab.waitForFunction(() => globalThis.started)
  expect((await stateOf(tab)).status).toBe('signed-in')
  expect(await tokenOf(tab)).toBe(token)
})

test('a bare refusal is borne, as long as it does not come again and again (R71)', async () => {
  fixture.tenant.set({ rotation: 'off' })
  useDisturbance()
  const profile = await fixture.newProfile()
  await useClock(profile)
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const refuse = (response: ServerResponse) => void response.writeHead(403).end()
  const refused = { error: { code: 'token_request_refused', status: 403, retryable: true } }
  const renewLater = async () => {
    await moveClock(tab, { device: 60_000, page: 60_000 })
    return renew(tab)
  }
  for (let round = 0; round < 2; round++) {
    disturb = refuse
    for (let count = 0; count < 3; count++) expect(await renewLater()).toMatchObject(refused)
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', renewal: 'retrying' })
    disturb = undefined
    if (round === 0) expect(await renewLater()).toEqual({ value: expect.any(String) })
  }
  disturb = refuse
  expect(await renewLater()).toMatchObject({
    error: { code: 'interaction_required', message: ONLY_THE_USER },
  })
  const sent = renewals().length
  expect(await renewLater()).toMatchObject({ error: { code: 'interaction_required' } })
  expect(renewals()).toHaveLength(sent)
  expect((await stateOf(tab)).status).toBe('signed-in')
})

test('a token of unknown lifetime whose renewal fails is renewed when it is wanted, and in no loop (R42)', async () => {
  useDisturbance()
  const tab = await openSignedIn()
  disturb = (response, { expires_in, ...tokens }) => response.end(JSON.stringify(tokens))
  const { value } = (await renew(tab)) as { value: string }
  await tab.evaluate(() => {
    globalThis.states = []
    globalThis.looks = 0
    const get = () => {
      globalThis.looks++
      return false
    }
    Object.defineProperty(navigator, 'onLine', { get, configurable: true })
  })
  expect(await renew(tab)).toMatchObject({ error: { message: 'The device is offline.' } })
  await tab.evaluate(() => void dispatchEvent(new Event('online')))
  const seen = () =>
    tab.evaluate(() => [looks, ...states.map((state) => (state as { renewal?: string }).renewal)])
  // Once for the caller, and once because the network is said to be back. The state says it once.
  const twice = [2, 'retrying']
  await expect.poll(seen).toEqual(twice)
  await tab.evaluate(async () => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve))
  })
  expect(await seen()).toEqual(twice)
  expect(await tokenOf(tab)).toBe(value)
  await tab.evaluate(() => Object.defineProperty(navigator, 'onLine', { value: true }))
  expect(await renew(tab)).toEqual({ value: expect.any(String) })
  expect(await stateOf(tab)).toMatchObject({ renewal: 'idle', expiresAt: null, error: null })
})

test('a renewed ID token goes on with the same user', async () => {
  fixture.tenant.set({ refreshIdToken: 'included' })
  const tab = await openSignedIn()
  const { sub } = (await stateOf(tab)).user as { sub: string }
  expect(await renew(tab)).toEqual({ value: expect.any(String) })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', user: { sub }, error: null })
})

test('a renewed ID token that is not genuine ends the session', async () => {
  fixture.tenant.set({ refreshIdToken: 'included' })
  useDisturbance()
  const tab = await openSignedIn()
  disturb = (response, tokens) => {
    const [header, payload, signature = ''] = String(tokens.id_token).split('.')
    const forged = `${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`
    response.end(JSON.stringify({ ...tokens, id_token: `${header}.${payload}.${forged}` }))
  }
  expect(await renew(tab)).toMatchObject({ error: { code: 'session_expired' } })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'session-ended' })
  disturb = undefined
  await signInAgain(tab)
  expect((await stateOf(tab)).status).toBe('signed-in')
})

test.for(['session', 'device', 'memory'] as const)(
  'signOut() beats a renewal that is under way, persistence %s',
  async (persistence) => {
    useDisturbance({ persistence })
    const tab = await openSignedIn()
    let answer = () => {}
    const asked = new Promise<void>((resolve) => {
      disturb = (response, tokens) => {
        answer = () => response.end(JSON.stringify(tokens))
        resolve()
      }
    })
    const renewal = renew(tab)
    await asked
    const ended = await tab.evaluate(async () => {
      const leaving = auth.signOut({ local: true })
      const { status } = auth.state
      await leaving
      return status
    })
    expect(ended).toBe('signed-out')
    answer()
    expect(await renewal).toMatchObject({ error: { name: 'AuthError', code: 'signed_out' } })
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
    expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toMatchObject({
      error: { code: 'not_authenticated' },
    })
    await tab.reload()
    await tab.waitForFunction(() => globalThis.started)
    expect((await stateOf(tab)).status).toBe('signed-out')
  },
)

test.for(['session', 'memory'] as const)(
  'signOut() beats a renewal that is just being stored, persistence %s (R125)',
  async (persistence) => {
    fixture.pages.setPage('/', appPage({ ...fixture.options, persistence }))
    const tab = await openSignedIn()
    const { commits } = await renewAndSignOut(tab, 0)
    for (const turn of [commits, commits - 1]) {
      expect(await renewAndSignOut(tab, turn), `${turn} of ${commits}`).toMatchObject({
        outcome: 'signed_out',
        seen: ['signed-out'],
        after: 'not_authenticated',
      })
      expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
      await signInAgain(tab)
    }
  },
)

test('renewals that are forced again and again end in words, not in a storm', async () => {
  const tab = await openSignedIn()
  const outcomes = await tab.evaluate(async () => {
    const all = []
    for (let call = 0; call < 10; call++) {
      all.push(await outcomeOf(auth.getAccessToken({ forceRenewal: true })))
    }
    return all
  })
  expect(renewals().length).toBeLessThanOrEqual(5)
  expect(outcomes.at(-1)).toMatchObject({
    error: {
      code: 'provider_unavailable',
      message: 'The last renewals failed, or came too often.',
      retryable: true,
    },
  })
  expect((await stateOf(tab)).status).toBe('signed-in')
})

test('getAccessToken() says at once that the caller has given up, and the renewal goes on', async () => {
  const tab = await openSignedIn()
  fixture.tenant.set({ latency: 200 })
  const outcomes = await tab.evaluate(async () => {
    const controller = new AbortController()
    const one = outcomeOf(auth.getAccessToken({ forceRenewal: true, signal: controller.signal }))
    const other = outcomeOf(auth.getAccessToken({ forceRenewal: true }))
    controller.abort()
    return [await one, await other]
  })
  expect(outcomes).toEqual([
    { error: expect.objectContaining({ name: 'AbortError' }) },
    { value: expect.any(String) },
  ])
  expect(renewals()).toHaveLength(1)
})

test('an access token that lives shorter than a renewal takes is renewed when it is wanted', async () => {
  fixture.tenant.set({ tokenLifetime: 1 })
  const tab = await openSignedIn()
  await tab.waitForFunction(() => {
    const { state } = auth
    return state.status === 'signed-in' && Date.now() > (state.expiresAt ?? 0)
  })
  expect(renewals()).toEqual([])
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toEqual({
    value: expect.any(String),
  })
  expect(renewals()).toHaveLength(1)
})
