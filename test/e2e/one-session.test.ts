import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { signInAtTenant } from '../browsers/sign-in-at-tenant.ts'
import { type Road, startRoad } from '../soak/start-road.ts'
import { appPage, leave, signIn, stateOf, useFixture, whenStarted } from './fixture.ts'

const fixture = useFixture()
let road: Road

beforeAll(async () => {
  const { token_endpoint: token } = fixture.tenant.apps.taxefile.metadata
  road = await startRoad({ token, revocation: token.replace('/Token/', '/Revoke/') })
})
beforeEach(() => {
  fixture.tenant.set({ refresh: 'allowed', revokeWithoutSecret: 'allowed' })
  road.reset()
  usePage()
})
afterAll(() => road?.close())

function usePage(more: object = {}): void {
  const { issuer, metadata } = fixture.tenant.apps.taxefile
  const own = {
    ...metadata,
    token_endpoint: road.tokenEndpoint,
    revocation_endpoint: road.revocationEndpoint,
  }
  fixture.pages.setPage('/', appPage({ ...fixture.options, issuer, metadata: own, ...more }))
}

const renew = (tab: Page) =>
  tab.evaluate(() => outcomeOf(auth.getAccessToken({ forceRenewal: true })))

test('a caller gets no token of a user who signs in while it waits', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const other = await fixture.open('/other', profile)
  fixture.tenant.endSessions()
  Object.assign(fixture.tenant.users['peter.b'] ?? {}, { canRun: true })
  // The code of the second user is under way, and with it the lock.
  const underWay = new Promise<void>((resolve) => {
    road.reset({
      before() {
        resolve()
        return 1_000
      },
    })
  })
  const signingIn = signIn(other, fixture, {}, { username: 'peter.b' })
  await underWay
  expect(await renew(tab)).toMatchObject({
    error: {
      code: 'signed_out',
      message: 'The user who asked for this is not signed in any more.',
    },
  })
  await signingIn
  const { sub } = fixture.tenant.users['peter.b'] ?? {}
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', user: { sub } })
  expect(await tab.evaluate(() => auth.getAccessToken())).toBe(
    await other.evaluate(() => auth.getAccessToken()),
  )
})

test('signOut() revokes what another tab has just renewed', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const other = await fixture.open('/other', profile)
  // It hears of nothing any more.
  await other.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')))
  expect(await renew(tab)).toEqual({ value: expect.any(String) })
  await other.evaluate(() => auth.signOut({ local: true }))
  const revoked = road.exchanges.filter(({ kind }) => kind === 'revocation')
  expect(revoked.map(({ sent }) => sent)).toEqual([road.renewals()[0]?.refreshToken])
})

test('a renewal that could not be stored is not undone by the next one', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  await tab.evaluate(() => {
    const { put } = IDBObjectStore.prototype
    Object.assign(globalThis, { put })
    IDBObjectStore.prototype.put = function (value, key) {
      const request = put.call(this, value, key)
      // What a full disk does to it.
      if (key === 'session') this.transaction.abort()
      return request
    }
  })
  expect(await renew(tab)).toEqual({ value: expect.any(String) })
  await tab.evaluate(() => {
    IDBObjectStore.prototype.put = (globalThis as never as { put: IDBObjectStore['put'] }).put
  })
  expect(await renew(tab)).toEqual({ value: expect.any(String) })
  // And it is stored now.
  await tab.reload()
  await tab.waitForFunction(() => globalThis.started)
  expect(await tab.evaluate(() => auth.getAccessToken())).toBe(road.renewals()[1]?.accessToken)
  expect(road.renewals()).toHaveLength(2)
})

test('a renewal that fails after a sign-out undoes no sign-in that came after it', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const other = await fixture.open('/other', profile)
  let refuse = () => {}
  road.reset({
    instead(response) {
      refuse = () => response.writeHead(400).end('{"error":"invalid_grant"}')
    },
  })
  const renewal = renew(tab)
  await expect.poll(() => road.renewals()).toHaveLength(1)
  await tab.evaluate(() => auth.signOut({ local: true }))
  fixture.tenant.endSessions()
  await leave(other)
  await other.waitForSelector('#username')
  refuse()
  expect(await renewal).toMatchObject({ error: { code: 'session_expired' } })
  expect(await stateOf(tab)).toMatchObject({ reason: 'signed-out', error: null })
  road.reset()
  await signInAtTenant(other, fixture.origin)
  await whenStarted(other)
  expect(await stateOf(other)).toMatchObject({ status: 'signed-in', error: null })
})
