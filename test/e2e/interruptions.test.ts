import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { submitSignIn } from '../browsers/submit-sign-in.ts'
import {
  appPage,
  leave,
  type Outcome,
  requestsTo,
  signIn,
  stateOf,
  useFixture,
  whenStarted,
} from './fixture.ts'

declare global {
  /** What the guard of a page came to. */
  var required: Promise<Outcome>
  var guard: () => void
}

/** Requests for a page of a provider that never comes. */
let waiting: string[] = []

/** A user who stops the page on its way, clicks at once, which is a double click, and waits a while. */
const STOPPABLE = `addEventListener('keydown', ({ key }) => {
  if (key !== 's') return
  stop()
  document.querySelector('button').click()
  // The double click is handled before it is later.
  setTimeout(() => {
    const { now } = Date
    Date.now = () => now() + 6_000
  })
})`

const fixture = useFixture({
  handle({ url = '' }: IncomingMessage) {
    if (!url.startsWith('/hanging/')) return false
    waiting.push(url)
    return true
  },
})

function hangingOptions() {
  const { issuer, metadata } = fixture.tenant.apps.taxefile
  const hanging = { ...metadata, authorization_endpoint: `${fixture.origin}/hanging/authorize` }
  return { ...fixture.options, issuer, metadata: hanging }
}

test('a browser that keeps nothing refuses a redirect before the page leaves', async () => {
  const profile = await fixture.newProfile()
  await profile.context.addInitScript(() => {
    Object.defineProperty(globalThis, 'indexedDB', {
      get() {
        throw new DOMException('The operation is insecure.', 'SecurityError')
      },
    })
  })
  const tab = await fixture.open('/', profile)
  const expected = {
    code: 'storage_unavailable',
    message: 'The browser keeps no data for this page.',
  }
  expect(await tab.evaluate(() => outcomeOf(auth.signIn()))).toMatchObject({ error: expected })
  expect(requestsTo(fixture.tenant, 'Authorize')).toEqual([])
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-out',
    reason: 'sign-in-failed',
    error: expected,
    warning: expected,
  })
})

test('a user who comes back from the provider finds the page as it was, and may sign in', async () => {
  // The provider does not come, so the page is still here when it is shown again.
  fixture.pages.setPage('/', appPage(hangingOptions()))
  const tab = await fixture.open('/')
  const outcome = await tab.evaluate(() => {
    const leaving = outcomeOf(auth.signIn())
    const interval = setInterval(() => {
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
    }, 50)
    return leaving.finally(() => clearInterval(interval))
  })
  expect(outcome).toMatchObject({
    error: {
      code: 'sign_in_interrupted',
      message: 'The sign-in was left before it was complete.',
      retryable: true,
    },
  })
})

test('a user who stops a page that does not come may click again', async () => {
  waiting = []
  fixture.pages.setPage(
    '/',
    appPage(hangingOptions(), STOPPABLE).replace(
      '<body>',
      '<body><button autofocus onclick="auth.signIn().catch(() => {})">Sign in</button>',
    ),
  )
  const profile = await fixture.newProfile()
  const tab = await profile.newPage()
  await tab.goto(`${fixture.origin}/`)
  await whenStarted(tab)
  await tab.waitForFunction(() => document.activeElement?.tagName === 'BUTTON')
  // The driver waits for the page that a click, or a script of its own, leads to; not for a key's.
  await tab.keyboard.press('Enter')
  await expect.poll(() => waiting).toHaveLength(1)
  await tab.keyboard.press('s')
  await tab.keyboard.press('Enter')
  await expect.poll(() => waiting).toHaveLength(2)
  const [first, second] = waiting.map((url) => new URL(url, fixture.origin).searchParams)
  expect(second?.get('state')).not.toBe(first?.get('state'))
})

test('a sign-in offline stays on the page, and may be tried again', async () => {
  const issuer = 'https://login.example/'
  const at = (path: string) => issuer + path
  const metadata = {
    issuer,
    authorization_endpoint: at('authorize'),
    token_endpoint: at('token'),
    jwks_uri: at('keys'),
  }
  fixture.pages.setPage('/', appPage({ ...fixture.options, issuer, metadata }))
  const tab = await fixture.open('/')
  await tab.evaluate(() => {
    Object.defineProperty(navigator, 'onLine', { get: () => false })
  })
  for (const _ of ['once', 'again']) {
    expect(await tab.evaluate(() => outcomeOf(auth.signIn()))).toMatchObject({
      error: { code: 'network', message: 'The device is offline.', retryable: true },
    })
    expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'no-session' })
  }
  expect(tab.url()).toBe(`${fixture.origin}/`)
})

test('where a provider signs in is looked up again after a sign-in that came to nothing (R134)', async () => {
  const lookups = () => fixture.tenant.log.filter(({ path }) => path.includes('/.well-known/'))
  const tab = await fixture.open()
  await leave(tab)
  await atTenant(tab)
  expect(lookups()).toHaveLength(1)
  // A tenant that has moved its sign-in shows an error instead, say.
  await tab.goBack()
  await tab.waitForFunction(
    () => 'error' in auth.state && auth.state.error?.code === 'sign_in_interrupted',
  )
  await leave(tab)
  await atTenant(tab)
  expect(lookups()).toHaveLength(2)
})

/** Opens a page that nobody sees who is not signed in, and waits for the tenant's. */
async function openGuarded() {
  const guarded = appPage(
    fixture.options,
    `globalThis.guard = () => { globalThis.required = outcomeOf(auth.requireSession()) }
  guard()`,
  )
  for (const path of ['/guarded', '/callback']) {
    const button = '<button onclick="guard()">Accounts</button>'
    fixture.pages.setPage(path, guarded.replace('<body>', `<body>${button}`))
  }
  const profile = await fixture.newProfile()
  const tab = await profile.newPage()
  await tab.goto(`${fixture.origin}/guarded`)
  await atTenant(tab)
  return tab
}

const atTenant = (tab: Page) => tab.waitForURL((url) => url.origin !== fixture.origin)

/** Goes back to the guarded page, and says what its guard came to. */
async function goBackToGuard(tab: Page) {
  await tab.goBack()
  await tab.waitForFunction(() => !!globalThis.required)
  return tab.evaluate(() => required)
}

const INTERRUPTED = {
  error: {
    name: 'AuthError',
    code: 'sign_in_interrupted',
    message: 'The sign-in was left before it was complete.',
    retryable: true,
  },
}

test('a guard does not hold who goes back from the provider, however the page is loaded (R35)', async () => {
  const tab = await openGuarded()
  expect(await goBackToGuard(tab)).toMatchObject(INTERRUPTED)
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-out',
    reason: 'sign-in-failed',
    ...INTERRUPTED,
  })
  expect(requestsTo(fixture.tenant, 'Authorize')).toHaveLength(1)
  // The app may offer it again.
  await signIn(tab, fixture)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null })
})

test('a guard lets who was told why, and clicks on, sign in', async () => {
  fixture.tenant.set({ consent: 'always' })
  const tab = await openGuarded()
  await submitSignIn(tab, fixture.origin, { decision: 'deny' })
  await tab.waitForFunction(() => !!globalThis.required)
  const refused = { error: { code: 'authorization_error', providerError: 'access_denied' } }
  expect(await tab.evaluate(() => required)).toMatchObject(refused)
  const before = requestsTo(fixture.tenant, 'Authorize').length
  // What the app tries by itself is told the same.
  await tab.evaluate(() => guard())
  expect(await tab.evaluate(() => required)).toMatchObject(refused)
  expect(requestsTo(fixture.tenant, 'Authorize')).toHaveLength(before)
  await tab.click('button')
  await atTenant(tab)
})

test('who comes back by an address or a reload is sent to the provider as ever', async () => {
  const tab = await openGuarded()
  await tab.goto(`${fixture.origin}/guarded`)
  await atTenant(tab)
  expect(await goBackToGuard(tab)).toMatchObject(INTERRUPTED)
  await tab.reload()
  await atTenant(tab)
  expect(requestsTo(fixture.tenant, 'Authorize')).toHaveLength(3)
})

test('a page reached by Back starts as ever where nobody was sent away since', async () => {
  const tab = await openGuarded()
  await tab.goto(`${fixture.origin}/`)
  await whenStarted(tab)
  await tab.goto(`${fixture.origin}/other`)
  await whenStarted(tab)
  await tab.goBack()
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'no-session' })
})

test('who goes back to a page of a session finds it as it was', async () => {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  await tab.evaluate(() => void auth.signIn({ prompt: 'login' }))
  await atTenant(tab)
  await tab.goBack()
  await whenStarted(tab)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in' })
})

test('who stops a sign-out that does not come may sign in by a click', async () => {
  waiting = []
  const { issuer, metadata } = fixture.tenant.apps.taxefile
  const hanging = { ...metadata, end_session_endpoint: `${fixture.origin}/hanging/end` }
  fixture.pages.setPage(
    '/',
    appPage({ ...fixture.options, issuer, metadata: hanging }, STOPPABLE).replace(
      '<body>',
      `<body><button autofocus onclick="globalThis.auth?.[auth.state.status === 'signed-in' ? 'signOut' : 'signIn']().catch(() => {})">Sign in or out</button>`,
    ),
  )
  const tab = await fixture.open('/')
  await signIn(tab, fixture)
  await tab.waitForFunction(() => document.activeElement?.tagName === 'BUTTON')
  // The driver waits for the page that a script of its own leads to; not for a key's.
  await tab.keyboard.press('Enter')
  await expect.poll(() => waiting).toHaveLength(1)
  const before = requestsTo(fixture.tenant, 'Authorize').length
  await tab.keyboard.press('s')
  // The double click waits: a sign-in that began with it would be under way by now.
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out' })
  await tab.keyboard.press('Enter')
  // Who is signed in there still comes straight back.
  await expect.poll(() => requestsTo(fixture.tenant, 'Authorize').length).toBeGreaterThan(before)
  await tab.waitForFunction(() => globalThis.auth?.state.status === 'signed-in')
})

test('a guard that nobody waits for, and a client that is closed, leave no rejection behind', async () => {
  waiting = []
  const profile = await fixture.newProfile()
  fixture.pages.setPage('/guarded', appPage(fixture.options, 'void auth.requireSession()'))
  const tab = await profile.newPage()
  await tab.goto(`${fixture.origin}/guarded`)
  await atTenant(tab)
  await tab.goBack()
  await tab.waitForFunction(() => auth.state.status === 'signed-out')
  const metadata = `${fixture.origin}/hanging/metadata`
  fixture.pages.setPage(
    '/',
    appPage({ ...fixture.options, metadata }, 'void auth.requireSession(); void auth.signIn()'),
  )
  await tab.goto(`${fixture.origin}/`)
  await expect.poll(() => waiting).toHaveLength(1)
  const left = await tab.evaluate(async () => {
    let rejections = 0
    addEventListener('unhandledrejection', () => rejections++)
    const pending = outcomeOf(auth.signIn())
    auth.close()
    const outcome = await pending
    // Of a rejection the browser tells a moment later.
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve))
    return { ...outcome, rejections }
  })
  const error = { code: 'closed', message: 'This client was closed.' }
  expect(left).toMatchObject({ error, rejections: 0 })
})
