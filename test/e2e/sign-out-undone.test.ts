import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { SignOutResult } from 'tessera-auth'
import { beforeEach, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import {
  appPage,
  type Outcome,
  requestsTo,
  signIn,
  signInAgain,
  stateOf,
  useFixture,
  whenStarted,
} from './fixture.ts'
import { quickestOfThree } from './quickest-of-three.ts'

declare global {
  var openBefore: IDBFactory['open']
  /** What a sign-in comes to that is being prepared. */
  var preparing: Promise<Outcome>
  var endingLate: Promise<SignOutResult>
  /** What a renewal comes to that is under way. */
  var renewingMeanwhile: Promise<Outcome>
}

/** Requests for metadata that are not answered before the test says so. */
let asked: ServerResponse[] = []

/** Lets the renewal through that waits for it. */
let renew: (() => Promise<void>) | undefined

const fixture = useFixture({
  handle(request, response) {
    const { url = '' } = request
    if (url === '/slow/metadata') asked.push(response)
    if (url === '/slow/token') void passOn(request, response)
    return /^\/(hanging|slow)\//.test(url)
  },
})

async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request)
  const answer = async () => {
    const { token_endpoint: url } = fixture.tenant.apps.taxefile.metadata
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const tokens = await (await fetch(url, { method: 'POST', headers, body })).text()
    response.writeHead(200, { 'content-type': 'application/json' }).end(tokens)
  }
  if (body.includes('grant_type=refresh_token')) renew = answer
  else await answer()
}

beforeEach(() => {
  fixture.tenant.set({ consent: 'never', refresh: 'allowed' })
  const { issuer, metadata } = fixture.tenant.apps.taxefile
  const own = {
    ...metadata,
    token_endpoint: `${fixture.origin}/slow/token`,
    revocation_endpoint: `${fixture.origin}/hanging/revoke`,
  }
  renew = undefined
  fixture.pages.setPage('/', appPage({ ...fixture.options, issuer, metadata: own }))
})

async function openTwo(): Promise<[Page, Page]> {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  return [tab, await fixture.open('/other', profile)]
}

/** What a browser does when its database fails for a while. */
const breakStorage = (tab: Page, how: 'is blocked' | 'never answers') =>
  tab.evaluate((way) => {
    globalThis.openBefore = IDBFactory.prototype.open
    IDBFactory.prototype.open = () => {
      if (way === 'never answers') return {} as IDBOpenDBRequest
      throw new DOMException('The operation is insecure.', 'SecurityError')
    }
  }, how)
const mendStorage = (tab: Page) =>
  tab.evaluate(() => {
    IDBFactory.prototype.open = globalThis.openBefore
  })

const isSignedOut = () => auth.state.status === 'signed-out'
const token = (tab: Page) => tab.evaluate(() => outcomeOf(auth.getAccessToken()))
const NOBODY = { error: { code: 'not_authenticated' } }
const KEEPS_NOTHING = {
  code: 'storage_unavailable',
  message: 'The browser keeps no data for this page.',
}

test('signOut() is made up for at the next look where the database failed meanwhile (R119)', async () => {
  const [tab, other] = await openTwo()
  await breakStorage(tab, 'is blocked')
  expect(await tab.evaluate(() => auth.signOut({ local: true }))).toEqual({ redirected: false })
  const ended = { status: 'signed-out', reason: 'signed-out', warning: KEEPS_NOTHING }
  expect(await stateOf(tab)).toMatchObject(ended)
  await tab.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')))
  expect(await token(tab)).toMatchObject(NOBODY)
  await mendStorage(tab)
  await tab.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')))
  expect(await token(tab)).toMatchObject(NOBODY)
  expect(await stateOf(tab)).toMatchObject(ended)
  await other.waitForFunction(isSignedOut)
  await signInAgain(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', warning: null })
})

test.for(['is blocked', 'never answers'] as const)(
  'signOut() reaches the other tabs, and the next one, where the database of its own %s (R119, R124)',
  async (how) => {
    const profile = await fixture.newProfile()
    const tab = await fixture.open('/', profile)
    await signIn(tab, fixture)
    const other = await fixture.open('/other', profile)
    await breakStorage(tab, how)
    await tab.evaluate(() => auth.signOut({ local: true }))
    await other.waitForFunction(isSignedOut)
    expect(await token(other)).toMatchObject(NOBODY)
    const next = await fixture.open('/next', profile)
    expect(await stateOf(next)).toMatchObject({ status: 'signed-out', reason: 'no-session' })
  },
)

test('a renewal of another tab does not undo a sign-out that waits for its database (R77, R125)', async () => {
  const [tab, other] = await openTwo()
  await other.evaluate(() => {
    globalThis.renewingMeanwhile = outcomeOf(auth.getAccessToken({ forceRenewal: true }))
  })
  await expect.poll(() => renew).toBeDefined()
  await breakStorage(tab, 'never answers')
  await tab.evaluate(() => void auth.signOut({ local: true }))
  // It takes a moment from one process of the browser to the other, and WebKit the longest.
  await other.waitForFunction(
    () =>
      auth.state.status === 'signed-out' ||
      Object.keys(localStorage).some((name) => name.endsWith(' sign-out')),
  )
  await renew?.()
  expect(await other.evaluate(() => renewingMeanwhile)).toMatchObject({
    error: { code: 'signed_out', message: 'The user signed out in the meantime.' },
  })
  await other.waitForFunction(isSignedOut)
  expect((await stateOf(tab)).status).toBe('signed-out')
  await other.reload()
  await whenStarted(other)
  expect(await stateOf(other)).toMatchObject({ status: 'signed-out', reason: 'no-session' })
})

test('a sign-out whose database was late takes no sign-in with it that came meanwhile', async () => {
  const [tab, other] = await openTwo()
  await tab.evaluate(() => {
    const { open } = IDBFactory.prototype
    const late: (() => void)[] = []
    IDBFactory.prototype.open = (...given) => {
      const opening = {} as { result?: IDBDatabase; onsuccess?: () => void }
      late.push(() => {
        const real = open.apply(indexedDB, given)
        real.onsuccess = () => {
          opening.result = real.result
          opening.onsuccess?.()
        }
      })
      return opening as never
    }
    Object.assign(globalThis, {
      goOn() {
        IDBFactory.prototype.open = open
        for (const task of late) task()
      },
    })
    globalThis.endingLate = auth.signOut({ local: true })
  })
  await other.waitForFunction(isSignedOut)
  await signInAgain(other)
  const later = await token(other)
  await tab.evaluate('goOn()')
  expect(await tab.evaluate(() => endingLate)).toEqual({ redirected: false })
  await tab.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')))
  await expect.poll(() => token(tab)).toEqual(later)
  expect(await token(other)).toEqual(later)
})

test('signOut() reaches the other tabs where the database of none works any more (R119, R124)', async () => {
  const [tab, other] = await openTwo()
  await breakStorage(tab, 'is blocked')
  await breakStorage(other, 'is blocked')
  await tab.evaluate(() => auth.signOut({ local: true }))
  await other.waitForFunction(isSignedOut)
  expect(await token(other)).toMatchObject(NOBODY)
  expect(await token(tab)).toMatchObject(NOBODY)
})

test('signOut() is made up for by the next page where the database failed until then (R119)', async () => {
  const [tab, other] = await openTwo()
  await breakStorage(tab, 'is blocked')
  await tab.evaluate(() => auth.signOut({ local: true }))
  await tab.reload()
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'no-session' })
  await other.waitForFunction(isSignedOut)
  // It is done, and nothing is owed any more.
  await signInAgain(tab)
  await tab.reload()
  await whenStarted(tab)
  expect((await stateOf(tab)).status).toBe('signed-in')
})

test('a sign-in right after a sign-out that the database failed stands', async () => {
  const [tab, other] = await openTwo()
  await breakStorage(tab, 'is blocked')
  await tab.evaluate(() => auth.signOut({ local: true }))
  await mendStorage(tab)
  await signInAgain(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null, warning: null })
  expect(await token(tab)).toEqual({ value: expect.any(String) })
  await other.waitForFunction(() => auth.state.status === 'signed-in')
  const own = await token(tab)
  await expect.poll(() => token(other)).toEqual(own)
})

test.for(['monika.a', 'peter.b'])(
  'a sign-out that is made up for takes no sign-in of %s with it that came after it',
  async (username) => {
    const [tab, other] = await openTwo()
    await breakStorage(tab, 'is blocked')
    await tab.evaluate(() => auth.signOut({ local: true }))
    fixture.tenant.endSessions()
    const { tenant } = fixture
    const user = tenant.users[username] ?? { canRun: false }
    const { canRun } = user
    user.canRun = true
    await signIn(other, fixture, {}, { username })
    user.canRun = canRun
    const later = await token(other)
    await mendStorage(tab)
    await tab.evaluate(() => void document.dispatchEvent(new Event('visibilitychange')))
    // Of that session this tab is a part then.
    await expect.poll(() => token(tab)).toEqual(later)
    expect(await token(other)).toEqual(later)
  },
)

test('signOut() is made up for by the next page where its own went away at once (R119, R125)', async () => {
  const [tab, other] = await openTwo()
  await tab.evaluate(() => {
    void auth.signOut({ local: true })
    dispatchEvent(new PageTransitionEvent('pagehide'))
  })
  await tab.reload()
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'no-session' })
  await other.waitForFunction(isSignedOut)
})

test('signOut() is over within three and a half seconds where database and revocation hang', async () => {
  const [tab] = await openTwo()
  const took = await quickestOfThree(3_500, async (number) => {
    if (number > 0) {
      await tab.reload()
      await whenStarted(tab)
      await signInAgain(tab)
    }
    await breakStorage(tab, 'never answers')
    return tab.evaluate(async () => {
      const begun = performance.now()
      await auth.signOut({ local: true })
      return performance.now() - begun
    })
  })
  expect(took).toBeLessThan(3_500)
})

test('signOut() waits neither for a database nor for a revocation that hangs (R118)', async () => {
  const [tab] = await openTwo()
  await breakStorage(tab, 'never answers')
  const took = await tab.evaluate(async () => {
    const begun = performance.now()
    await auth.signOut({ local: true })
    return performance.now() - begun
  })
  // Each for as long as it may take would be eight seconds and more.
  expect(took).toBeLessThan(6_500)
  expect((await stateOf(tab)).status).toBe('signed-out')
  await tab.reload()
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'no-session' })
})

const ANEW = {
  'signIn()': 'auth.signIn()',
  'signInWithPassword()':
    "signInWithPassword(auth, { username: 'monika.a', password: 'Monika-demo-1', clientSecret: 'demo-secret-of-taxefile-api' })",
}

test.for([
  ['signIn()', 'in its own tab'],
  ['signIn()', 'in another tab'],
  ['signInWithPassword()', 'in its own tab'],
  ['signInWithPassword()', 'in another tab'],
] as const)(
  '%s that is still being prepared does not undo a sign-out %s (R77, R125)',
  async ([way, where]) => {
    asked = []
    const { issuer, clientIds, metadata: own } = fixture.tenant.apps['taxefile-api']
    const options = {
      issuer,
      clientId: clientIds[0],
      redirectUri: '/callback',
      scope: ['ReadUserProfile'],
      metadata: `${fixture.origin}/slow/metadata`,
    }
    fixture.pages.setPage(
      '/',
      appPage(
        options,
        `globalThis.begin = () => { globalThis.preparing = outcomeOf(${ANEW[way]}) }`,
        "import { signInWithPassword } from 'tessera-auth/password'",
      ),
    )
    const profile = await fixture.newProfile()
    const tab = await fixture.open('/', profile)
    const other = await fixture.open('/other', profile)
    await tab.waitForFunction(() => 'begin' in globalThis)
    await tab.evaluate('begin()')
    await expect.poll(() => asked).toHaveLength(1)
    const out = where === 'in its own tab' ? tab : other
    await out.evaluate(() => auth.signOut({ local: true }))
    asked[0]?.end(JSON.stringify(own))
    expect(await tab.evaluate(() => preparing)).toMatchObject({
      error: { code: 'signed_out', message: 'The user signed out in the meantime.' },
    })
    const ended = { status: 'signed-out', reason: 'signed-out', error: null }
    expect(await stateOf(tab)).toMatchObject(ended)
    await tab.reload()
    await whenStarted(tab)
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-out' })
    expect(requestsTo(fixture.tenant, 'Authorize')).toEqual([])
  },
)
