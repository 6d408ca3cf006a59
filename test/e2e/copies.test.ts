import type { Auth } from 'tessera-auth'
import { beforeEach, expect, test } from 'vitest'
import { appPage, requestsTo, signIn, stateOf, useFixture } from './fixture.ts'

const fixture = useFixture()

declare global {
  /** A client of another copy of the package. */
  var second: Auth
  var former: Auth
}

beforeEach(() => {
  fixture.tenant.set({ consent: 'never', refresh: 'allowed' })
})

const tokenRequests = () => requestsTo(fixture.tenant, 'Token').length

test('two copies of the package on a page are one session', async () => {
  const html = appPage(fixture.options)
    .replace('<script type="module"', '<script src="/dist/tessera-auth.min.js"></script>$&')
    .replace(
      'const starting = auth.start()',
      `globalThis.second = tessera.createAuth(options)
const [starting] = [auth.start(), second.start()]`,
    )
  fixture.pages.setPage('/', html)
  const tab = await fixture.open()
  await signIn(tab, fixture)
  await tab.waitForFunction(() => second.state.status === 'signed-in')
  expect(tokenRequests()).toBe(1)
  const [one, other] = await tab.evaluate(() =>
    Promise.all([auth, second].map((client) => client.getAccessToken())),
  )
  expect(one).toBe(other)
  const renewed = await tab.evaluate(() =>
    Promise.all([auth, second].map((client) => client.getAccessToken({ forceRenewal: true }))),
  )
  expect(new Set(renewed).size).toBe(1)
  expect(tokenRequests()).toBe(2)
  await tab.evaluate(() => second.signOut({ local: true }))
  await tab.waitForFunction(() => auth.state.status === 'signed-out')
})

test('a module that is replaced in mid-callback leaves the session to its successor', async () => {
  const html = appPage(fixture.options).replace(
    'const starting = auth.start()',
    `void auth.start()
globalThis.former = auth
auth.close()
globalThis.auth = createClient()
auth.subscribe((state) => states.push(state))
const starting = auth.start()`,
  )
  fixture.pages.setPage('/callback', html)
  const tab = await fixture.open()
  await signIn(tab, fixture)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null })
  expect(tokenRequests()).toBe(1)
  expect(await tab.evaluate(() => outcomeOf(former.getAccessToken()))).toMatchObject({
    error: { code: 'closed' },
  })
  expect(await tab.evaluate(() => former.state.status)).toBe('starting')
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken({ forceRenewal: true })))).toEqual({
    value: expect.any(String),
  })
})

test('effects that run twice, as in StrictMode, sign in once and leave no listener behind', async () => {
  const html = appPage(fixture.options).replace(
    'const starting = auth.start()',
    `const mount = () => {
  void auth.start()
  return auth.subscribe(({ status }) => heard.push(status))
}
globalThis.heard = []
const unmount = mount()
unmount()
heard.length = 0
mount()
const starting = auth.start()`,
  )
  fixture.pages.setPage('/callback', html)
  const tab = await fixture.open()
  await signIn(tab, fixture)
  expect(tokenRequests()).toBe(1)
  expect(await tab.evaluate(() => (globalThis as never as { heard: string[] }).heard)).toEqual([
    'starting',
    'signed-in',
  ])
})
