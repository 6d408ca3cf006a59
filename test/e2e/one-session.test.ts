import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { signInAtTenant } from '../browsers/sign-in-at-tenant.ts'
import { type Road, startRoad } from '../soak/start-road.ts'
import { moveClock, useClock } from './clock.ts'
import { appPage, leave, signIn, stateOf, useFixture, whenStarted } from './fixture.ts'

declare global {
  var repairStorage: () => void
}

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
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const underWay = new Promise<void>((resolve) => {
    road.reset({
      before() {
        resolve()
        return held
      },
    })
  })
  const signingIn = signIn(other, fixture, {}, { username: 'peter.b' })
  await underWay
  const asked = renew(tab)
  const waiting = () =>
    tab.evaluate(async () => (await navigator.locks.query()).pending?.length ?? 0)
  await expect.poll(waiting).toBeGreaterThan(0)
  goOn()
  expect(await asked).toMatchObject({
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
  const revoked = () =>
    road.exchanges.flatMap(({ kind, sent }) => (kind === 'revocation' ? [sent] : []))
  // Whichever of the two deletes it: what the other one knew may come before.
  const renewal = road.renewals()[0]
  await expect.poll(revoked).toContain(renewal?.refreshToken)
  // Nothing else, and nothing twice.
  expect([renewal?.sent, renewal?.refreshToken]).toEqual(expect.arrayContaining(revoked()))
  expect(new Set(revoked()).size).toBe(revoked().length)
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

/** Loses the connection to storage, as WebKit does, for so many calls or until it is repaired. */
const loseStorage = (tab: Page, calls = 1_000) =>
  tab.evaluate((count) => {
    const { open } = IDBFactory.prototype
    let left = count
    globalThis.repairStorage = () => {
      IDBFactory.prototype.open = open
    }
    IDBFactory.prototype.open = () => {
      if (--left <= 0) repairStorage()
      throw new DOMException('Connection to Indexed Database server lost.', 'UnknownError')
    }
  }, calls)
const repair = (tab: Page) => tab.evaluate(() => repairStorage())

/** A tab whose access token has run out while the device slept. */
async function openAsleep(): Promise<Page> {
  const profile = await fixture.newProfile()
  await useClock(profile)
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  await moveClock(tab, { device: 12 * 3_600_000 })
  return tab
}

test('reads that fail at a renewal cost neither the session nor its new refresh token (R88)', async () => {
  const tab = await openAsleep()
  road.reset({ at: (place) => place === 'before the provider' && repair(tab) })
  await loseStorage(tab)
  const given = await tab.evaluate(() => outcomeOf(auth.getAccessToken()))
  expect(given).toEqual({ value: road.renewals()[0]?.accessToken })
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-in',
    renewal: 'idle',
    error: null,
    warning: null,
  })
  expect(await renew(tab)).toEqual({ value: expect.any(String) })
  const [first, second] = road.renewals()
  expect(second?.sent).toBe(first?.refreshToken)
  expect(road.exchanges).toHaveLength(2)
  await tab.reload()
  await whenStarted(tab)
  expect(await tab.evaluate(() => auth.getAccessToken())).toBe(second?.accessToken)
})

test('a renewal that was neither read nor stored is what the next one goes by (R69)', async () => {
  const tab = await openAsleep()
  road.reset()
  await loseStorage(tab)
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toEqual({
    value: road.renewals()[0]?.accessToken,
  })
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-in',
    renewal: 'idle',
    error: null,
    warning: { message: 'The browser keeps no data for this page.' },
  })
  await repair(tab)
  expect(await renew(tab)).toEqual({ value: expect.any(String) })
  const [first, second] = road.renewals()
  expect(second?.sent).toBe(first?.refreshToken)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', warning: null })
  await tab.reload()
  await whenStarted(tab)
  expect(await tab.evaluate(() => auth.getAccessToken())).toBe(second?.accessToken)
})

test('a read that fails once sends nothing that another tab has used up (R70)', async () => {
  const profile = await fixture.newProfile()
  await useClock(profile)
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const other = await fixture.open('/other', profile)
  // It hears of nothing any more.
  await other.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')))
  await moveClock(tab, { device: 12 * 3_600_000 })
  road.reset()
  const given = await tab.evaluate(() => auth.getAccessToken())
  await loseStorage(other, 1)
  expect(await other.evaluate(() => outcomeOf(auth.getAccessToken()))).toEqual({ value: given })
  expect(road.renewals()).toHaveLength(1)
  expect(await stateOf(other)).toMatchObject({ status: 'signed-in', warning: null })
})

test('a renewal whose storage is emptied meanwhile is stored all the same (R69)', async () => {
  // A busy disk takes more than ten seconds to delete a database, now and then.
  usePage({ timeout: 60_000 })
  const tab = await fixture.open()
  await signIn(tab, fixture)
  road.reset({
    async at(place) {
      if (place !== 'after the provider') return
      await tab.evaluate(async () => {
        for (const { name = '' } of await indexedDB.databases()) {
          await new Promise((resolve) => {
            indexedDB.deleteDatabase(name).onsuccess = resolve
          })
        }
      })
    },
  })
  const given = await renew(tab)
  expect(given).toEqual({ value: road.renewals()[0]?.accessToken })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', renewal: 'idle', warning: null })
  expect(road.exchanges.map(({ kind }) => kind)).toEqual(['renewal'])
  await tab.reload()
  await whenStarted(tab)
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toEqual(given)
})

/** Begins a renewal that the tenant does not answer until it is told to refuse it. */
async function renewToBeRefused(tab: Page) {
  let renewal: ReturnType<typeof renew> | undefined
  const refuse = await new Promise<() => void>((resolve) => {
    road.reset({
      instead(response) {
        resolve(() => response.writeHead(400).end('{"error":"invalid_grant"}'))
      },
    })
    renewal = renew(tab)
  })
  return { renewal, refuse }
}

test('a renewal that fails after a sign-out undoes no sign-in that came after it', async () => {
  usePage({ timeout: 60_000 })
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const other = await fixture.open('/other', profile)
  const { renewal, refuse } = await renewToBeRefused(tab)
  await tab.evaluate(() => auth.signOut({ local: true }))
  fixture.tenant.endSessions()
  await leave(other)
  await other.waitForSelector('#username')
  refuse()
  expect(await renewal).toMatchObject({ error: { code: 'signed_out' } })
  expect(await stateOf(tab)).toMatchObject({ reason: 'signed-out', error: null })
  road.reset()
  await signInAtTenant(other, fixture.origin)
  await whenStarted(other)
  expect(await stateOf(other)).toMatchObject({ status: 'signed-in', error: null })
})

test('a renewal that is refused because another tab has signed out says so, and asks nobody to sign in (R125)', async () => {
  usePage({ timeout: 60_000 })
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const other = await fixture.open('/other', profile)
  const { renewal, refuse } = await renewToBeRefused(tab)
  await other.evaluate(() => auth.signOut({ local: true }))
  refuse()
  expect(await renewal).toMatchObject({
    error: { code: 'signed_out', message: 'The user signed out in the meantime.' },
  })
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-out',
    reason: 'signed-out',
    error: null,
  })
})
