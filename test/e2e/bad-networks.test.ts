import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { type Road, startRoad } from '../soak/start-road.ts'
import { moveClock, useClock } from './clock.ts'
import { appPage, type Outcome, signIn, stateOf, useFixture, whenStarted } from './fixture.ts'

declare global {
  /** What a page has come to that asks for a token as soon as it has started. */
  var asked: Promise<Outcome>
}

const fixture = useFixture()
let road: Road

async function openRoad(port = 0): Promise<void> {
  const { token_endpoint: token } = fixture.tenant.apps.taxefile.metadata
  road = await startRoad({ token, revocation: token }, port)
}

beforeAll(() => openRoad())
beforeEach(() => {
  fixture.tenant.set({ refresh: 'allowed' })
  road.reset()
  const { issuer, metadata } = fixture.tenant.apps.taxefile
  const token_endpoint = road.tokenEndpoint
  const options = { ...fixture.options, issuer, metadata: { ...metadata, token_endpoint } }
  fixture.pages.setPage('/', appPage(options))
})
afterAll(() => road?.close())

const renew = (tab: Page) =>
  tab.evaluate(() => outcomeOf(auth.getAccessToken({ forceRenewal: true })))
const tokenOf = (tab: Page) => tab.evaluate(() => auth.getAccessToken())

test('the Retry-After of a 429 holds for all tabs together', async () => {
  const profile = await fixture.newProfile()
  await useClock(profile)
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const other = await fixture.open('/other', profile)
  road.reset({ instead: (response) => response.writeHead(429, { 'retry-after': '120' }).end() })
  expect(await renew(tab)).toMatchObject({
    error: { code: 'provider_unavailable', status: 429, retryAfter: 120_000 },
  })
  road.reset()
  for (const each of [other, tab, tab]) {
    await moveClock(tab, { device: 20_000, page: 20_000 })
    expect(await renew(each)).toMatchObject({
      error: {
        code: 'provider_unavailable',
        message: 'The last renewals failed, or came too often.',
        retryable: true,
        retryAfter: expect.any(Number),
      },
    })
  }
  expect(road.renewals()).toEqual([])
  await moveClock(tab, { device: 61_000, page: 61_000 })
  await expect.poll(() => renew(other)).toEqual({ value: expect.any(String) })
  expect(road.renewals()).toHaveLength(1)
  await expect.poll(() => tokenOf(tab)).toBe(road.renewals()[0]?.accessToken)
  for (const each of [other, tab]) {
    await expect.poll(() => stateOf(each)).toMatchObject({ status: 'signed-in', renewal: 'idle' })
  }
})

const PORTALS: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  [
    'a captive portal that redirects',
    (response) => response.writeHead(302, { location: `${fixture.pages.origin()}/portal` }).end(),
  ],
  [
    'a captive portal that answers in the stead of the provider',
    (response) => {
      response.removeHeader('access-control-allow-origin')
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome to the hotel</h1>')
    },
  ],
]

test.for(PORTALS)('%s signs nobody out, and needs no reload', async ([, instead]) => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const token = await tokenOf(tab)
  road.reset({ instead })
  expect(await renew(tab)).toMatchObject({
    error: { code: 'network', message: `${road.tokenEndpoint} could not be reached.` },
  })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', renewal: 'retrying' })
  expect(await tokenOf(tab)).toBe(token)
  road.reset()
  await expect.poll(() => renew(tab), { timeout: 30_000 }).toEqual({ value: expect.any(String) })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', renewal: 'idle', error: null })
})

test('a provider that nothing leads to signs nobody out, and needs no reload', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const token = await tokenOf(tab)
  await road.close()
  expect(await renew(tab)).toMatchObject({
    error: { code: 'network', message: `${road.tokenEndpoint} could not be reached.` },
  })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', renewal: 'retrying' })
  expect(await tokenOf(tab)).toBe(token)
  await openRoad(Number(new URL(road.tokenEndpoint).port))
  await expect.poll(() => renew(tab), { timeout: 30_000 }).toEqual({ value: expect.any(String) })
  expect(road.renewals()).toHaveLength(1)
})

test('a device that is offline asks nobody, and renews by itself when it is back', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const token = await tokenOf(tab)
  await tab.evaluate(() => {
    Object.defineProperty(navigator, 'onLine', { get: () => false, configurable: true })
  })
  expect(await renew(tab)).toMatchObject({
    error: { code: 'network', message: 'The device is offline.', retryable: true },
  })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', renewal: 'retrying' })
  expect(await tokenOf(tab)).toBe(token)
  expect(road.renewals()).toEqual([])
  await tab.evaluate(() => {
    Object.defineProperty(navigator, 'onLine', { get: () => true })
    dispatchEvent(new Event('online'))
  })
  await tab.waitForFunction(() => (auth.state as { renewal?: string }).renewal === 'idle')
  expect(road.renewals()).toHaveLength(1)
  expect(await tokenOf(tab)).toBe(road.renewals()[0]?.accessToken)
})

test('a page that is left while it renews does not keep the next one waiting', async () => {
  fixture.tenant.set({ tokenLifetime: 3 })
  const { issuer, metadata } = fixture.tenant.apps.taxefile
  const own = { ...metadata, token_endpoint: road.tokenEndpoint }
  const ask = 'globalThis.asked = outcomeOf(auth.getAccessToken())'
  fixture.pages.setPage('/', appPage({ ...fixture.options, issuer, metadata: own }, ask))
  const tab = await fixture.open()
  await signIn(tab, fixture)
  await tab.waitForFunction(() => {
    const { state } = auth
    return state.status === 'signed-in' && Date.now() > (state.expiresAt ?? 0)
  })
  fixture.tenant.set({ tokenLifetime: 600 })
  for (const _ of ['once', 'again']) {
    // The answer never comes.
    road.reset({ instead: () => {} })
    await tab.reload()
    await expect.poll(() => road.renewals()).toHaveLength(1)
  }
  road.reset()
  await tab.reload()
  await whenStarted(tab)
  expect(await tab.evaluate(() => asked)).toEqual({ value: expect.any(String) })
  expect(road.renewals()).toHaveLength(1)
})

const DOWN = { instead: (response: ServerResponse) => void response.writeHead(503).end() }

test.for([
  { what: 'without a network', isOnline: false, calls: 2, renewal: 'retrying' },
  { what: 'with a provider that is down', isOnline: true, calls: 3, renewal: 'retrying' },
  {
    what: 'without a network, where only the user can renew',
    isOnline: false,
    refresh: 'refused' as const,
    calls: 2,
    renewal: 'expired',
  },
])(
  'an app that asks for a token at each new state comes to rest $what',
  async ({ isOnline, refresh = 'allowed' as const, calls, renewal }) => {
    fixture.tenant.set({ refresh })
    const tab = await fixture.open()
    await signIn(tab, fixture)
    if (refresh === 'refused') expect(await renew(tab)).toMatchObject({ error: {} })
    road.reset(DOWN)
    const asked = await tab.evaluate(async (onLine) => {
      Object.defineProperty(navigator, 'onLine', { value: onLine })
      const { now } = Date
      Date.now = () => now() + 6 * 60 * 60_000
      let calls = 0
      auth.subscribe(() => {
        // What asks for ever would never let go of the page.
        if (++calls < 50) auth.getAccessToken().catch(() => {})
      })
      const isSettled = () =>
        auth.state.status === 'signed-in' && /retrying|expired/.test(auth.state.renewal)
      for (let turn = 0; turn < 20 || !isSettled(); turn++) {
        await new Promise((resolve) => setTimeout(resolve))
      }
      return calls
    }, isOnline)
    expect(asked).toBe(calls)
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', renewal })
    expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toMatchObject({
      error: { retryable: refresh === 'allowed' },
    })
  },
)

test('thirty calls of a laptop that slept past expiry get thirty answers, after one renewal', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const address = `${fixture.bank.url}/api/accounts`
  const statuses = await tab.evaluate((url) => {
    // The wall clock went on without the page; its timers stood still.
    const { now } = Date
    Date.now = () => now() + 6 * 60 * 60_000
    return Promise.all(Array.from({ length: 30 }, () => auth.fetch(url).then((r) => r.status)))
  }, address)
  expect(statuses).toEqual(Array(30).fill(200))
  expect(road.renewals()).toHaveLength(1)
  expect((await stateOf(tab)).status).toBe('signed-in')
})
