import { beforeEach, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { moveClock, useClock, wake } from './clock.ts'
import { requestsTo, signIn, stateOf, useFixture, whenStarted } from './fixture.ts'

const fixture = useFixture()

const SECOND = 1_000
const HOUR = 3_600 * SECOND

beforeEach(() => {
  fixture.tenant.set({ consent: 'never', refresh: 'allowed', tokenLifetime: 600 })
})

async function openSignedIn(): Promise<Page> {
  const profile = await fixture.newProfile()
  await useClock(profile)
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  return tab
}

const tokenOf = (tab: Page) => tab.evaluate(() => auth.getAccessToken())
const renewals = () =>
  requestsTo(fixture.tenant, 'Token').filter(({ body }) => body.includes('refresh_token')).length

test('a token does not outlive its end where the clock is set back meanwhile (R178)', async () => {
  const tab = await openSignedIn()
  const token = await tokenOf(tab)
  await moveClock(tab, { device: 500 * SECOND, page: 500 * SECOND })
  expect(await tokenOf(tab)).toBe(token)
  // Less than the age of the token, so that the clock of the device alone shows nothing.
  await moveClock(tab, { device: -400 * SECOND, page: 110 * SECOND })
  await wake(tab)
  const renewed = await tokenOf(tab)
  expect(renewed).not.toBe(token)
  expect(renewals()).toBe(1)
  expect(await tokenOf(tab)).toBe(renewed)
})

test('a session that only the user can renew expires in time where the clock is set back', async () => {
  fixture.tenant.set({ refresh: 'withheld' })
  const tab = await openSignedIn()
  await moveClock(tab, { device: 100 * SECOND, page: 100 * SECOND })
  await moveClock(tab, { device: -80 * SECOND, page: 510 * SECOND })
  await wake(tab)
  await tab.waitForFunction(() => (auth.state as { renewal?: string }).renewal === 'expired')
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toMatchObject({
    error: { code: 'session_expired' },
  })
})

test('a clock that jumps ahead and back costs a renewal each time, and no storm (R179)', async () => {
  const tab = await openSignedIn()
  for (const device of [24 * HOUR, -24 * HOUR]) {
    await moveClock(tab, { device, page: 60 * SECOND })
    await wake(tab)
    const given = await tab.evaluate(() =>
      Promise.all(Array.from({ length: 10 }, () => auth.getAccessToken())),
    )
    expect(new Set(given).size).toBe(1)
  }
  expect(renewals()).toBe(2)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', renewal: 'idle', error: null })
})

test('thirty calls after sleep make one renewal, whatever wakes the page (R142)', async () => {
  const tab = await openSignedIn()
  // Asleep, most browsers stop the clock of the page.
  await moveClock(tab, { device: 8 * HOUR })
  fixture.tenant.set({ latency: 100 })
  const given = await tab.evaluate(() => {
    document.dispatchEvent(new Event('visibilitychange'))
    document.dispatchEvent(new Event('resume'))
    dispatchEvent(new Event('online'))
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
    return Promise.all(Array.from({ length: 30 }, () => auth.getAccessToken()))
  })
  expect(new Set(given).size).toBe(1)
  expect(renewals()).toBe(1)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', renewal: 'idle' })
})

test('a token is renewed one to two minutes before its end, whoever wants it, and not sooner (R75)', async () => {
  const tab = await openSignedIn()
  const token = await tokenOf(tab)
  await moveClock(tab, { device: 470 * SECOND, page: 470 * SECOND })
  await wake(tab)
  expect(await tokenOf(tab)).toBe(token)
  expect(await stateOf(tab)).toMatchObject({ renewal: 'idle' })
  expect(renewals()).toBe(0)
  await moveClock(tab, { device: 75 * SECOND, page: 75 * SECOND })
  await wake(tab)
  await expect.poll(renewals).toBe(1)
  await expect.poll(() => tokenOf(tab)).not.toBe(token)
})

test('a lifetime that no timer can count causes no renewal before its end (R75)', async () => {
  fixture.tenant.set({ tokenLifetime: 60 * 24 * 3_600 })
  const tab = await openSignedIn()
  const token = await tokenOf(tab)
  await wake(tab)
  await moveClock(tab, { device: 30 * 24 * HOUR, page: 30 * 24 * HOUR })
  await wake(tab)
  expect(await tokenOf(tab)).toBe(token)
  expect(renewals()).toBe(0)
  await moveClock(tab, { device: 30 * 24 * HOUR - 30 * SECOND, page: 30 * 24 * HOUR })
  await wake(tab)
  await expect.poll(renewals, { timeout: 10_000 }).toBe(1)
})

test('what the provider says of itself is kept for an hour, through reloads (R134)', async () => {
  const asked = () =>
    fixture.tenant.log.filter(
      ({ method, path }) => method === 'GET' && path.endsWith('/openid-configuration'),
    ).length
  const profile = await fixture.newProfile()
  await useClock(profile)
  const tab = await fixture.open('/', profile)
  /** How many requests it takes to prepare a sign-in, in a page that knows nothing yet. */
  const prepare = async () => {
    const before = asked()
    await tab.goto(`${fixture.origin}/`)
    await whenStarted(tab)
    await tab.evaluate(`new Promise((resolve) => {
      // Nothing comes of it: a sign-in that fails would have everything asked for anew.
      void auth.signIn({ via: (prepared) => prepared.then(resolve).then(() => new Promise(() => {})) })
    }).then(() => {})`)
    return asked() - before
  }
  expect(await prepare()).toBe(1)
  // It is written behind the request.
  await expect.poll(prepare).toBe(0)
  await moveClock(tab, { device: 59 * 60 * SECOND })
  expect(await prepare()).toBe(0)
  await moveClock(tab, { device: 2 * 60 * SECOND })
  expect(await prepare()).toBe(1)
  await expect.poll(prepare).toBe(0)
})
