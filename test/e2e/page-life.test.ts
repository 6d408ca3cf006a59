import { expect, test } from 'vitest'
import { page } from '../browsers/serve-pages.ts'
import { appPage, requestsTo, signIn, stateOf, useFixture } from './fixture.ts'

const fixture = useFixture()

test('signIn() waits until a prerendered page is shown (R16)', async () => {
  const tab = await fixture.open('/')
  await tab.evaluate(() => {
    Object.defineProperty(document, 'prerendering', { value: true, configurable: true })
    void auth.signIn()
  })
  await tab.evaluate(() => auth.getAccessToken().catch(() => {}))
  expect(requestsTo(fixture.tenant, 'Authorize')).toEqual([])
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out' })
  await tab.evaluate(() => {
    Object.defineProperty(document, 'prerendering', { value: false })
    document.dispatchEvent(new Event('prerenderingchange'))
  })
  await tab.waitForURL(`${fixture.tenant.url}/**`)
})

test('signIn() does not start in a frame of another site (R16)', async () => {
  const stranger = fixture.pages.origin('127.0.0.1')
  const report = `parent.postMessage(await outcomeOf(auth.signIn()), '${stranger}')`
  fixture.pages.setPage('/framed', appPage(fixture.options, report))
  fixture.pages.setPage(
    '/frame',
    page(`addEventListener('message', ({ data }) => { globalThis.said = data })`, {
      body: `<iframe src="${fixture.origin}/framed"></iframe>`,
    }),
  )
  const tab = await (await fixture.newProfile()).newPage()
  await tab.goto(`${stranger}/frame`)
  await tab.waitForFunction(() => 'said' in globalThis)
  expect(await tab.evaluate('said')).toMatchObject({
    error: {
      code: 'config',
      message: 'signIn: this page is in a frame of another site; open it alone.',
    },
  })
  expect(requestsTo(fixture.tenant, 'Authorize')).toEqual([])
})

test('a session keeps the endpoints it began with (R137)', async () => {
  fixture.tenant.set({ refresh: 'allowed' })
  const tab = await fixture.open('/')
  await signIn(tab, fixture)
  const [begun] = requestsTo(fixture.tenant, 'Token')
  fixture.tenant.set({ endpointHost: 'alias' })
  await tab.reload()
  await tab.waitForFunction(() => globalThis.started !== undefined)
  await tab.evaluate(() => auth.getAccessToken({ forceRenewal: true }))
  const renewed = requestsTo(fixture.tenant, 'Token').at(-1)
  expect(renewed?.body).toContain('grant_type=refresh_token')
  expect(renewed?.headers.host).toBe(begun?.headers.host)
})

test('a message between tabs has no content and a forged one does nothing (R139)', async () => {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await tab.evaluate(() => {
    const { postMessage } = BroadcastChannel.prototype
    const sent: [string, unknown][] = []
    Object.assign(globalThis, { sent })
    BroadcastChannel.prototype.postMessage = function (message) {
      sent.push([this.name, message])
      postMessage.call(this, message)
    }
  })
  const other = await fixture.open('/other', profile)
  await signIn(other, fixture)
  await tab.waitForFunction(() => auth.state.status === 'signed-in')
  await tab.evaluate(() => auth.signOut({ local: true }))
  const sent = (await tab.evaluate('sent')) as [string, unknown][]
  expect(sent.map(([, message]) => message)).toEqual(['tessera-auth:1:changed'])
  const [name] = sent[0] as [string, unknown]
  await other.waitForFunction(() => auth.state.status === 'signed-out')
  await tab.evaluate((channel) => {
    for (const forged of [{ type: 'login', token: 'x' }, null, 'tessera-auth:1:changed', 7]) {
      new BroadcastChannel(channel).postMessage(forged)
    }
  }, name)
  await other.evaluate(() => auth.getAccessToken().catch(() => {}))
  expect(await stateOf(other)).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
})

test('a tab that missed a change of user gives out nothing in the name of either (R124)', async () => {
  fixture.tenant.set({ consent: 'never', refresh: 'allowed' })
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  // No driver freezes a tab: from now on the others keep silent instead.
  await profile.context.addInitScript(() => {
    BroadcastChannel.prototype.postMessage = () => {}
  })
  const other = await fixture.open('/other', profile)
  fixture.tenant.endSessions()
  const peter = fixture.tenant.users['peter.b'] as { canRun: boolean; sub: string }
  peter.canRun = true
  await signIn(other, fixture, {}, { username: 'peter.b' })
  peter.canRun = false
  expect((await stateOf(tab)).user).not.toMatchObject({ sub: peter.sub })
  const asked = await tab.evaluate(() => {
    document.dispatchEvent(new Event('resume', { bubbles: true }))
    const ways = [{}, { forceRenewal: true }].map((how) => outcomeOf(auth.getAccessToken(how)))
    return Promise.all(ways)
  })
  const refused = {
    error: {
      code: 'signed_out',
      message: 'The user who asked for this is not signed in any more.',
    },
  }
  expect(asked).toMatchObject([refused, refused])
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', user: { sub: peter.sub } })
  // What was asked for by force has been renewed on the way, and the other tab hears of it.
  const given = await tab.evaluate(() => auth.getAccessToken())
  await expect.poll(() => other.evaluate(() => auth.getAccessToken())).toBe(given)
})
