import { beforeEach, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { page } from '../browsers/serve-pages.ts'
import { appPage, type Outcome, signIn, useFixture } from './fixture.ts'

const fixture = useFixture()

declare global {
  var waiting: Promise<Outcome>
}

beforeEach(() => {
  fixture.tenant.set({ consent: 'never', refresh: 'withheld', tokenLifetime: 2 })
})

/** A page whose calls wait, with a button that opens a popup, and the callback page for that. */
function usePage(timeout: number): void {
  const html = appPage(fixture.options)
    .replace(
      "from 'tessera-auth'\n",
      `from 'tessera-auth'
import { popup } from 'tessera-auth/popup'
import { waitForUser } from 'tessera-auth/wait'
`,
    )
    .replace(
      'globalThis.auth = createClient()',
      `globalThis.auth = createClient({ capabilities: [waitForUser({ timeout: ${timeout} })] })
const button = document.createElement('button')
button.onclick = () => auth.signIn({ via: popup() })
document.body.append(button)`,
    )
  fixture.pages.setPage('/', html)
  fixture.pages.setPage(
    '/callback',
    page(`import { createAuth } from 'tessera-auth'
import { handOverCallback } from 'tessera-auth/callback'
await handOverCallback(createAuth(${JSON.stringify(fixture.options)}))`),
  )
}

/** A signed-in page whose access token has run out for good. */
async function openExpired(timeout = 60_000): Promise<Page> {
  usePage(timeout)
  const tab = await fixture.open()
  await signIn(tab, fixture)
  await tab.waitForFunction(() => (auth.state as { renewal?: string }).renewal === 'expired')
  fixture.tenant.set({ tokenLifetime: 600 })
  fixture.bank.clearLog()
  return tab
}

const accounts = () => `${fixture.bank.url}/api/accounts`
/** Begins a call, and leaves it waiting. */
const call = (tab: Page) =>
  tab.evaluate((url) => {
    globalThis.waiting = outcomeOf(auth.fetch(url).then(({ status }) => status))
  }, accounts())
const renew = (tab: Page) =>
  tab.evaluate(() => outcomeOf(auth.getAccessToken({ forceRenewal: true })))
const outcome = (tab: Page) => tab.evaluate(() => waiting)
const EXPIRED = {
  name: 'AuthError',
  code: 'session_expired',
  message: 'Only the user can get this access token: call auth.signIn().',
}

test('waitForUser() lets calls wait for a popup, and go on once each', async () => {
  const tab = await openExpired()
  await tab.evaluate((url) => {
    globalThis.waiting = outcomeOf(
      Promise.all([
        auth.fetch(url).then(({ status }) => status),
        auth.getAccessToken().then((token) => typeof token),
        auth.authorize({ url }).then((headers) => Object.keys(headers)),
      ]),
    )
  }, accounts())
  expect(fixture.bank.log).toEqual([])
  await tab.click('button')
  expect(await outcome(tab)).toEqual({ value: [200, 'string', ['authorization']] })
  expect(fixture.bank.log.filter(({ method }) => method === 'GET')).toHaveLength(1)
})

test('waitForUser() lets calls wait for a sign-in in another tab, and for nobody else', async () => {
  const tab = await openExpired()
  await call(tab)
  const other = await tab.context().newPage()
  await other.goto(`${fixture.origin}/other`)
  await other.waitForFunction(() => globalThis.started)
  await other.evaluate(() => void auth.signIn({ returnTo: '/back' }))
  expect(await outcome(tab)).toEqual({ value: 200 })

  fixture.tenant.set({ tokenLifetime: 2 })
  await other.waitForURL('**/back')
  await other.waitForFunction(() => globalThis.started)
  await other.evaluate(() => void auth.signIn({ returnTo: '/again' }))
  await other.waitForURL('**/again')
  await tab.waitForFunction(() => (auth.state as { renewal?: string }).renewal === 'expired')
  fixture.tenant.set({ tokenLifetime: 600 })
  await call(tab)
  fixture.tenant.endSessions()
  const peter = fixture.tenant.users['peter.b'] as { canRun: boolean }
  peter.canRun = true
  await signIn(other, fixture, {}, { username: 'peter.b' })
  peter.canRun = false
  expect(await outcome(tab)).toMatchObject({
    error: { code: 'user_mismatch', message: 'Another user signed in than before.' },
  })
})

test('waitForUser() lets calls wait on while others come and go (R115)', async () => {
  const tab = await openExpired()
  await tab.evaluate(() => {
    globalThis.states = []
  })
  await call(tab)
  // These wait for nobody, and the second comes when the call before it waits already.
  for (const _ of [1, 2]) expect(await renew(tab)).toMatchObject({ error: EXPIRED })
  expect(await tab.evaluate(() => states)).toEqual([])
  await tab.click('button')
  expect(await outcome(tab)).toEqual({ value: 200 })
  expect(fixture.bank.log.filter(({ method }) => method === 'GET')).toHaveLength(1)
})

test('waitForUser() lets calls wait on where the state changes and nobody is back', async () => {
  const tab = await openExpired()
  await call(tab)
  for (const _ of [1, 2]) expect(await renew(tab)).toMatchObject({ error: EXPIRED })
  await tab.evaluate(async () => {
    const { open } = IDBFactory.prototype
    IDBFactory.prototype.open = () => {
      throw new DOMException('Connection to Indexed Database server lost.', 'UnknownError')
    }
    await new Promise<void>((resolve) => {
      auth.subscribe((state) => state.status === 'signed-in' && state.warning && resolve())
      document.dispatchEvent(new Event('visibilitychange'))
    })
    IDBFactory.prototype.open = open
  })
  await tab.waitForFunction(() => (auth.state as { renewal?: string }).renewal === 'expired')
  for (const _ of [1, 2]) expect(await renew(tab)).toMatchObject({ error: EXPIRED })
  await tab.click('button')
  expect(await outcome(tab)).toEqual({ value: 200 })
})

test('waitForUser() gives up when the caller does, and when the user signs out', async () => {
  const tab = await openExpired()
  const aborted = await tab.evaluate((url) => {
    const controller = new AbortController()
    const calling = outcomeOf(auth.fetch(url, { signal: controller.signal }))
    // Once it waits, and not before it has asked.
    const stop = auth.subscribe((state) => {
      if (state.status === 'signed-in' && state.renewal === 'expired') {
        setTimeout(() => controller.abort())
      }
    })
    return calling.finally(stop)
  }, accounts())
  expect(aborted).toMatchObject({ error: { name: 'AbortError' } })
  await call(tab)
  await tab.evaluate(() => auth.signOut({ local: true }))
  const ended = (await outcome(tab)) as { error: { code: string } }
  expect(ended.error.code).toMatch(/^(session_expired|signed_out)$/)
  expect(fixture.bank.log).toEqual([])
})

test('waitForUser() keeps nothing of a call that its caller has given up', async () => {
  const tab = await openExpired()
  const [before, after, names] = await tab.evaluate(async (url) => {
    const { setTimeout, clearTimeout } = window
    const waits = new Set<unknown>()
    const controller = new AbortController()
    const { signal } = controller
    let calls: Promise<Outcome>[] = []
    await new Promise<void>((resolve) => {
      Object.assign(window, {
        setTimeout(task: () => void, after?: number) {
          const timer = setTimeout(task, after)
          if (Number(after) > 40_000) waits.add(timer)
          if (waits.size === 3) resolve()
          return timer
        },
        clearTimeout(timer: number) {
          waits.delete(timer)
          clearTimeout(timer)
        },
      })
      calls = [
        outcomeOf(auth.fetch(url, { signal })),
        outcomeOf(auth.getAccessToken({ signal })),
        outcomeOf(auth.authorize({ url, signal })),
      ]
    })
    const before = waits.size
    controller.abort()
    const after = waits.size
    const outcomes = await Promise.all(calls)
    return [before, after, outcomes.map((each) => 'error' in each && each.error.name)]
  }, accounts())
  expect(names).toEqual(['AbortError', 'AbortError', 'AbortError'])
  expect([before, after]).toEqual([3, 0])
})

test('waitForUser() gives up when the time is over', async () => {
  const tab = await openExpired(300)
  await call(tab)
  expect(await outcome(tab)).toMatchObject({ error: EXPIRED })
  expect(fixture.bank.log).toEqual([])
})
