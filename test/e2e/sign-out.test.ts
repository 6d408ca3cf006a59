import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { beforeEach, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { signInAtTenant } from '../browsers/sign-in-at-tenant.ts'
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
import { namesOfRecords } from './names-of-records.ts'
import { quickestOfThree } from './quickest-of-three.ts'

/** Requests to what never answers. */
let unanswered: string[] = []

/** Lets the token endpoint answer at last. */
let answerTokenRequest: () => Promise<void> = async () => {}

const fixture = useFixture({
  handle(request: IncomingMessage, response) {
    const { url = '' } = request
    if (!url.startsWith('/hanging/')) return false
    unanswered.push(url.replace(/\?.*/s, ''))
    answerTokenRequest = async () => {
      const { token_endpoint: endpoint } = fixture.tenant.apps.taxefile.metadata
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const answer = await fetch(endpoint, { method: 'POST', headers, body: await text(request) })
      response.setHeader('content-type', 'application/json')
      response.end(await answer.text())
    }
    return true
  },
})

beforeEach(() => {
  unanswered = []
  fixture.tenant.set({ consent: 'never', refresh: 'allowed' })
  const { issuer, metadata } = fixture.tenant.apps.taxefile
  const hanging = {
    revocation_endpoint: `${fixture.origin}/hanging/revoke`,
    end_session_endpoint: `${fixture.origin}/hanging/end`,
  }
  const options = { ...fixture.options, issuer, metadata: { ...metadata, ...hanging } }
  fixture.pages.setPage('/', appPage(options))
})

async function openTwo(): Promise<[Page, Page]> {
  const profile = await fixture.newProfile()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  return [tab, await fixture.open('/other', profile)]
}

/** Signs out; how long that took, what it came to, and the state right after the call. */
const signOut = (tab: Page, local: boolean) =>
  tab.evaluate(async (only) => {
    const begun = performance.now()
    const leaving = auth.signOut({ local: only })
    const { status } = auth.state
    const { redirected } = await leaving
    return { status, redirected, took: performance.now() - begun }
  }, local)

/** One by this tab, and one by the other where that has deleted the session first. */
function expectRevocations(): void {
  const one = '/hanging/revoke'
  expect([[one], [one, one]]).toContainEqual(unanswered)
}

const isSignedOut = () => auth.state.status === 'signed-out'

test('signOut() does not wait for a revocation that hangs, and nothing is left', async () => {
  const [tab, other] = await openTwo()
  const left = await signOut(tab, true)
  expect(left).toMatchObject({ status: 'signed-out', redirected: false })
  // Not as long as a request may take.
  expect(left.took).toBeLessThan(9_000)
  // The other tab revokes what it deletes, where it is the quicker one.
  expectRevocations()
  await other.waitForFunction(isSignedOut)
  const names = await namesOfRecords(tab)
  expect(names.filter((name) => !name.startsWith('used '))).toEqual(['epoch'])
  await tab.reload()
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'no-session' })
})

test('signOut() is over within three seconds where revocation hangs', async () => {
  const [tab] = await openTwo()
  const took = await quickestOfThree(3_000, async (number) => {
    if (number > 0) await signInAgain(tab)
    return (await signOut(tab, true)).took
  })
  expect(took).toBeLessThan(3_000)
})

test('signOut() is over within three and a half seconds where the page has not started, and the token endpoint hangs (R118)', async () => {
  const { issuer, metadata } = fixture.tenant.apps.taxefile
  const own = { ...metadata, token_endpoint: `${fixture.origin}/hanging/token` }
  const options = { ...fixture.options, issuer, metadata: own, timeout: 30_000 }
  fixture.pages.setPage('/', appPage(options))
  const tab = await fixture.open()
  await leave(tab, {})
  await signInAtTenant(tab, fixture.origin)
  await expect.poll(() => unanswered).toEqual(['/hanging/token'])
  const { redirected, took } = await signOut(tab, false)
  expect(redirected).toBe(false)
  expect(took).toBeLessThan(3_500)
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-out',
    reason: 'signed-out',
    error: null,
  })
  await answerTokenRequest()
  await whenStarted(tab)
  expect(await tab.evaluate(() => started?.error?.code)).toBe('signed_out')
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toMatchObject({
    error: { code: 'not_authenticated' },
  })
})

/** A tab of somebody who is signed in, and one that has begun to read that until its `goOn()` is called. */
async function openStarting(): Promise<[Page, Page]> {
  const profile = await fixture.newProfile()
  const first = await fixture.open('/', profile)
  await signIn(first, fixture)
  await profile.context.addInitScript(() => {
    // The blank page that a tab begins with has none.
    if (!globalThis.isSecureContext) return
    const { decrypt } = SubtleCrypto.prototype
    let isFirst = true
    SubtleCrypto.prototype.decrypt = async function (...given) {
      if (isFirst) {
        isFirst = false
        await new Promise((resolve) => Object.assign(globalThis, { goOn: resolve }))
      }
      return decrypt.apply(this, given)
    }
  })
  const tab = await profile.newPage()
  await tab.goto(`${fixture.origin}/other`)
  await tab.waitForFunction(() => 'goOn' in globalThis)
  return [first, tab]
}

test('signOut() is not undone by what the page was reading when it was called (R125)', async () => {
  const [first, tab] = await openStarting()
  expect(await tab.evaluate(() => auth.state.status)).toBe('starting')
  await tab.evaluate(() => auth.signOut({ local: true }))
  await tab.evaluate('goOn()')
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toMatchObject({
    error: { code: 'not_authenticated' },
  })
  expect(await tab.evaluate(() => states.map(({ status }) => status))).not.toContain('signed-in')
  await first.waitForFunction(isSignedOut)
})

test('signOut() is not overtaken by a signIn() that comes after it while the page starts (R125)', async () => {
  const [first, tab] = await openStarting()
  const before = requestsTo(fixture.tenant, 'Authorize').length
  const outcome = await tab.evaluate(async () => {
    const ending = outcomeOf(auth.signOut())
    let isOver = false
    void outcomeOf(auth.signIn()).then(() => {
      isOver = true
    })
    ;(globalThis as never as { goOn: () => void }).goOn()
    return { ...(await ending), isOver }
  })
  expect(outcome).toEqual({ value: { redirected: true }, isOver: false })
  await first.waitForFunction(isSignedOut)
  await expect.poll(() => unanswered).toContain('/hanging/end')
  expect(requestsTo(fixture.tenant, 'Authorize')).toHaveLength(before)
})

test('close() ends a sign-out that waits for the start, and sends nobody away (R183)', async () => {
  const [first, tab] = await openStarting()
  const outcome = tab.evaluate(() => {
    const ending = outcomeOf(auth.signOut())
    auth.close()
    return ending
  })
  expect(await outcome).toMatchObject({
    error: { code: 'closed', message: 'This client was closed.' },
  })
  expect((await stateOf(first)).status).toBe('signed-in')
})

test('close() keeps a sign-out from sending the user away, and ends the session all the same (R183)', async () => {
  const [tab, other] = await openTwo()
  const outcome = await tab.evaluate(() => {
    const ending = outcomeOf(auth.signOut())
    auth.close()
    return ending
  })
  expect(outcome).toEqual({ value: { redirected: false } })
  // The other tab revokes what it deletes, where it is the quicker one.
  expectRevocations()
  await other.waitForFunction(isSignedOut)
})

test('signOut() has ended the session here where the page of the provider hangs', async () => {
  const [tab, other] = await openTwo()
  const leaving = tab.evaluate(() => void auth.signOut())
  await leaving
  await other.waitForFunction(isSignedOut)
  await expect.poll(() => unanswered).toContain('/hanging/end')
  expect(await stateOf(other)).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
  expect(await other.evaluate(() => outcomeOf(auth.getAccessToken()))).toMatchObject({
    error: { code: 'not_authenticated' },
  })
})

test('signOut() works offline, and stays on the page', async () => {
  const [tab, other] = await openTwo()
  const took = await quickestOfThree(1_000, async (number) => {
    if (number > 0) {
      await tab.reload()
      await whenStarted(tab)
      await signInAgain(tab)
      await other.waitForFunction(() => auth.state.status === 'signed-in')
      unanswered = []
    }
    await tab.evaluate(() => {
      Object.defineProperty(navigator, 'onLine', { value: false })
      globalThis.fetch = () => Promise.reject(new TypeError('offline'))
    })
    const left = await signOut(tab, false)
    expect(left).toMatchObject({ status: 'signed-out', redirected: false })
    expect(unanswered).toEqual([])
    await other.waitForFunction(isSignedOut)
    return left.took
  })
  expect(took).toBeLessThan(1_000)
})

test('a sign-in that was under way when the user signed out comes to nothing (R125)', async () => {
  const [tab, other] = await openTwo()
  fixture.tenant.endSessions()
  await leave(tab)
  await tab.waitForSelector('#username')
  await signOut(other, true)
  const before = requestsTo(fixture.tenant, 'Token').length
  await signInAtTenant(tab, fixture.origin)
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-out',
    error: { code: 'callback_state' },
  })
  expect(requestsTo(fixture.tenant, 'Token')).toHaveLength(before)
  expect((await stateOf(other)).status).toBe('signed-out')
})

test.for(['requireSession', 'signIn'] as const)(
  'signOut() is not overtaken by an app that calls %s() as soon as nobody is signed in (R125)',
  async (call) => {
    const { issuer, metadata } = fixture.tenant.apps.taxefile
    const own = { ...metadata, revocation_endpoint: `${fixture.origin}/hanging/revoke` }
    const options = { ...fixture.options, issuer, metadata: own, postLogoutRedirectUri: '/' }
    fixture.pages.setPage('/', appPage(options))
    const tab = await fixture.open()
    await signIn(tab, fixture)
    const before = requestsTo(fixture.tenant, 'Authorize').length
    await tab.evaluate((name) => {
      globalThis.isLeaving = true
      const guard = () => void outcomeOf(auth[name]())
      auth.subscribe(({ status }) => status === 'signed-out' && guard())
      // And once more while the provider takes its time.
      void auth.signOut().then(guard)
      guard()
    }, call)
    await whenStarted(tab)
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'no-session' })
    expect(requestsTo(fixture.tenant, 'EndSessionV2')).toHaveLength(1)
    expect(requestsTo(fixture.tenant, 'Authorize')).toHaveLength(before)
  },
)

test('a sign-in waits for no revocation after a sign-out of this app alone', async () => {
  const [tab] = await openTwo()
  const isOver = await tab.evaluate(async () => {
    let over = false
    void auth.signOut({ local: true }).then(() => {
      over = true
    })
    await new Promise<void>((resolve) => {
      const via = async (prepared: Promise<unknown>) => {
        await prepared
        resolve()
        throw new Error('The window was closed.')
      }
      auth.signIn({ via }).catch(() => {})
    })
    return over
  })
  expect(isOver).toBe(false)
})

test('signOut() is not overtaken by a signIn() of the same click (R125)', async () => {
  const { issuer, metadata } = fixture.tenant.apps.taxefile
  const own = { ...metadata, revocation_endpoint: `${fixture.origin}/hanging/revoke` }
  const options = { ...fixture.options, issuer, metadata: own, postLogoutRedirectUri: '/' }
  const calls = 'isLeaving = true; void auth.signOut(); void outcomeOf(auth.signIn())'
  const html = appPage(options).replace('<body>', `<body><button onclick="${calls}">Go</button>`)
  fixture.pages.setPage('/', html)
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const before = requestsTo(fixture.tenant, 'Authorize').length
  await tab.click('button')
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'no-session' })
  expect(requestsTo(fixture.tenant, 'EndSessionV2')).toHaveLength(1)
  expect(requestsTo(fixture.tenant, 'Authorize')).toHaveLength(before)
})

test('signOut() called while the page starts lets nothing of the session out any more (R118)', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  fixture.bank.clearLog()
  const outcomes = await tab.evaluate(async (url) => {
    const client = createClient()
    const call = () => [
      outcomeOf(client.getAccessToken()),
      outcomeOf(client.fetch(url)),
      outcomeOf(client.fetch(url, { keepalive: true })),
      outcomeOf(client.authorize({ url })),
      outcomeOf(client.userInfo()),
      outcomeOf(client.requireSession({ via: async () => Promise.reject(new Error('asked')) })),
    ]
    const made: Promise<unknown>[] = call()
    const leaving = client.signOut({ local: true })
    made.push(...call())
    client.subscribe(({ status }) => status === 'signed-in' && made.push(...call()))
    await leaving
    return Promise.all(made)
  }, `${fixture.bank.url}/api/accounts`)
  for (const outcome of outcomes) expect(outcome).toHaveProperty('error')
  expect(fixture.bank.log).toEqual([])
})

test.for([
  ['at once', false],
  ['before the database answered', true],
] as const)(
  'signOut() called while the page starts is made up for by the next page where its own went away %s (R119)',
  async ([, isPatient]) => {
    const profile = await fixture.newProfile()
    const tab = await fixture.open('/', profile)
    await signIn(tab, fixture)
    const other = await fixture.open('/other', profile)
    await tab.evaluate(async (isPatient) => {
      globalThis.isLeaving = true
      IDBFactory.prototype.open = () => ({}) as IDBOpenDBRequest
      const client = createClient()
      void client.signOut({ local: true })
      if (isPatient) {
        await new Promise<void>((resolve) => {
          client.subscribe(({ status }) => status === 'signed-out' && resolve())
        })
      }
      location.assign('/other')
    }, isPatient)
    await whenStarted(tab)
    expect((await stateOf(tab)).status).toBe('signed-out')
    await expect.poll(async () => (await stateOf(other)).status).toBe('signed-out')
  },
)
