import { beforeEach, expect, test } from 'vitest'
import { withBackForwardCache } from '../browsers/engines.ts'
import type { Page } from '../browsers/page.ts'
import { page } from '../browsers/serve-pages.ts'
import { appPage, type Outcome, requestsTo, signIn, stateOf, useFixture } from './fixture.ts'

const fixture = useFixture({ isKept: true }, withBackForwardCache())

declare global {
  /** Out of the cache or not, and what the client showed at that moment. */
  var shown: { persisted: boolean; status: string; since: number }[]
  /** What a guard comes to that asks as soon as the page is shown again. */
  var required: Promise<Outcome>
}

beforeEach(() => {
  fixture.tenant.set({ consent: 'never' })
  const note = `globalThis.shown = []
addEventListener('pageshow', ({ persisted }) =>
  shown.push({ persisted, status: auth.state.status, since: states.length }))`
  fixture.pages.setPage('/', appPage(fixture.options, note))
  fixture.pages.setPage('/elsewhere', page(''))
})

/** A signed-in page that the user has left for another one, and a tab beside it. */
async function openAndLeave(): Promise<[Page, Page]> {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const other = await fixture.open('/other', profile)
  await tab.goto(`${fixture.origin}/elsewhere`)
  return [tab, other]
}

/** Goes back by some pages. Once the driver has its answer: a page that is gone gives none. */
async function travel(tab: Page, pages: number): Promise<void> {
  await tab.evaluate((delta) => void setTimeout(() => history.go(delta)), pages)
}

/** Goes back, and says why the browser did not keep the page if it did not. */
async function goBack(tab: Page, status: unknown = 'starting'): Promise<void> {
  // Playwright waits for a load, and there is none.
  await travel(tab, -1)
  // Loaded anew, it has nothing to show.
  await tab.waitForFunction(
    () => globalThis.started && (shown.length > 0 || performance.now() > 5_000),
  )
  const reasons = await tab.evaluate(() =>
    shown.length > 0
      ? null
      : ((performance.getEntriesByType('navigation')[0] as never as { notRestoredReasons: unknown })
          .notRestoredReasons ?? 'not kept'),
  )
  expect(reasons).toBe(null)
  expect(await tab.evaluate(() => shown[0])).toMatchObject({ persisted: true, status })
}

const statusesSince = (tab: Page) =>
  tab.evaluate(() => states.slice(shown[0]?.since).map(({ status }) => status))

test('a signed-in page that idles is kept, and looks again when it is shown', async () => {
  const [tab, other] = await openAndLeave()
  await goBack(tab)
  await tab.waitForFunction(() => auth.state.status === 'signed-in')
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toEqual({
    value: expect.any(String),
  })
  // It hears of the others again.
  await other.evaluate(() => auth.signOut({ local: true }))
  await tab.waitForFunction(() => auth.state.status === 'signed-out')
})

test('requireSession() sends nobody away from a kept page before it has looked (R35)', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  await tab.evaluate(() => {
    addEventListener('pageshow', () => {
      globalThis.required = outcomeOf(auth.requireSession())
    })
  })
  const before = requestsTo(fixture.tenant, 'Authorize').length
  await tab.goto(`${fixture.origin}/elsewhere`)
  await goBack(tab)
  expect(await tab.evaluate(() => required)).toMatchObject({ value: { status: 'signed-in' } })
  expect(requestsTo(fixture.tenant, 'Authorize')).toHaveLength(before)
})

test('a kept page shows nothing of a session that ended meanwhile (R124)', async () => {
  const [tab, other] = await openAndLeave()
  await other.evaluate(() => auth.signOut({ local: true }))
  await goBack(tab)
  await tab.waitForFunction(() => auth.state.status === 'signed-out')
  expect(await statusesSince(tab)).toEqual(['signed-out'])
  expect(await stateOf(tab)).toMatchObject({ reason: 'signed-out', error: null })
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toMatchObject({
    error: { code: 'not_authenticated' },
  })
})

test('what a page was reading when it was left is read when it comes back', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const turns = await tab.evaluate(async () => {
    const seen: string[] = []
    const leave = () => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
    const { getAll } = IDBObjectStore.prototype
    for (const isOpen of [false, true]) {
      const client = createClient()
      const starting = client.start()
      if (isOpen) {
        await new Promise<void>((resolve) => {
          IDBObjectStore.prototype.getAll = function () {
            resolve()
            return getAll.call(this)
          }
        })
        IDBObjectStore.prototype.getAll = getAll
      }
      leave()
      await new Promise<void>((resolve) => {
        indexedDB.open('another').onsuccess = () => resolve()
      })
      seen.push(client.state.status)
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
      await starting
      seen.push(client.state.status)
      client.close()
    }
    return seen
  })
  expect(turns).toEqual(['starting', 'signed-in', 'starting', 'signed-in'])
  // The page's own client was put away as well, and looks again in its own time.
  await tab.waitForFunction(() => auth.state.status === 'signed-in')
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', warning: null })
})

test('a sign-in that the user came back from to a kept page is reported once', async () => {
  const tab = await fixture.open()
  await tab.evaluate(() => {
    globalThis.required = outcomeOf(auth.signIn())
  })
  await tab.waitForURL((url) => url.origin !== fixture.origin)
  // WebKit tells its promises of this between two listeners.
  await goBack(tab, expect.stringMatching(/^(signing-in|signed-out)$/))
  expect(await tab.evaluate(() => required)).toMatchObject({
    error: {
      code: 'sign_in_interrupted',
      message: 'The sign-in was left before it was complete.',
    },
  })
  // From now on Chromium does not keep the page; WebKit keeps a few pages only.
  await tab.evaluate(() => addEventListener('unload', () => {}))
  for (let count = 0; count < 8; count++) await tab.goto(`${fixture.origin}/elsewhere?${count}`)
  await travel(tab, -8)
  await tab.waitForFunction(
    () =>
      globalThis.started &&
      shown.length === 0 &&
      performance
        .getEntriesByType('navigation')
        .some((entry) => (entry as PerformanceNavigationTiming).type === 'back_forward'),
  )
  expect(await tab.evaluate(() => globalThis.started)).toMatchObject({ error: null })
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-out',
    reason: 'no-session',
    error: null,
  })
})
