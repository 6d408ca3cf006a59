import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { appPage, requestsTo, stateOf, useFixture, whenStarted } from './fixture.ts'

/** Requests for a page of a provider that never comes. */
let waiting: string[] = []

/** A user who stops the page on its way, clicks at once, which is a double click, and waits a while. */
const STOPPABLE = `addEventListener('keydown', ({ key }) => {
  if (key !== 's') return
  stop()
  document.querySelector('button').click()
  const { now } = Date
  Date.now = () => now() + 6_000
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
