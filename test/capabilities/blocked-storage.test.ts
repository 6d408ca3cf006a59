import type { BrowserContext } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { currentEngine } from '../browsers/engines.ts'
import {
  createPersistentProfile,
  type PersistentProfile,
  type Profile,
} from '../browsers/launch-browser.ts'
import type { Page } from '../browsers/page.ts'
import { appPage, stateOf, useFixture } from '../e2e/fixture.ts'

const IMPORTS = `import { signInWithPassword } from 'tessera-auth/password'
import { popup } from 'tessera-auth/popup'`
const SCRIPT = `Object.assign(globalThis, { signInWithPassword })
document.body.append(Object.assign(document.createElement('button'), { textContent: 'popup' }))
onclick = () => { globalThis.done = outcomeOf(auth.signIn({ via: popup() })) }
document.title = 'ready'`

const PASSWORD = {
  username: 'monika.a',
  password: 'Monika-demo-1',
  clientSecret: 'demo-secret-of-taxefile-api',
}
const KEEPS_NOTHING = {
  name: 'AuthError',
  code: 'storage_unavailable',
  message: 'The browser keeps no data for this page.',
}

const fixture = useFixture()
let stored: PersistentProfile
let profile: Profile

beforeEach(async () => {
  stored = await createPersistentProfile()
  profile = await stored.start('none')
})
afterEach(async () => {
  await profile?.close()
  await stored?.remove()
})

/** Opens the app in a browser that really keeps nothing: nothing is made to look so. */
async function openApp(): Promise<Page> {
  const { issuer, clientIds } = fixture.tenant.apps['taxefile-api']
  const options = {
    issuer,
    clientId: clientIds[0],
    redirectUri: '/callback',
    scope: ['ReadUserProfile'],
    resources: [{ url: `${fixture.tenant.url}/cdirectoryservice/` }],
  }
  fixture.pages.setPage('/', appPage(options, SCRIPT, IMPORTS))
  const tab = await fixture.open('/', profile)
  await tab.waitForFunction(() => document.title === 'ready')
  return tab
}

test('start() says so where the user lets the browser keep nothing, and a redirect does not begin (R88)', async () => {
  const tab = await openApp()
  expect(await tab.evaluate(() => started)).toEqual({ returnTo: null, appState: null, error: null })
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-out',
    reason: 'no-session',
    error: null,
    warning: KEEPS_NOTHING,
  })
  expect(await tab.evaluate(() => outcomeOf(auth.signIn()))).toMatchObject({ error: KEEPS_NOTHING })
})

test('a session by password lives in memory where the browser keeps nothing (R88, R138)', async () => {
  const tab = await openApp()
  await tab.evaluate(`signInWithPassword(auth, ${JSON.stringify(PASSWORD)})`)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', warning: KEEPS_NOTHING })
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toEqual({
    value: expect.any(String),
  })
  // The tenant gives this app no refresh token.
  const renewals = await tab.evaluate(() =>
    Promise.all([1, 2].map(() => outcomeOf(auth.getAccessToken({ forceRenewal: true })))),
  )
  const refused = {
    code: 'interaction_required',
    message: 'Only the user can get this access token: call auth.signIn().',
  }
  expect(renewals).toMatchObject([{ error: refused }, { error: refused }])
  expect(await tab.evaluate(() => auth.signOut({ local: true }))).toEqual({ redirected: false })
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
})

// Chromium lets windows talk to each other all the same.
if (currentEngine().name === 'firefox') {
  test('a window that could hand nothing over is closed, and the sign-in says why (R88, R175)', async () => {
    const tab = await openApp()
    await tab.click('button')
    expect(await tab.evaluate('done')).toMatchObject({
      error: {
        name: 'AuthError',
        code: 'storage_unavailable',
        message: 'The browser lets no window hand its callback over.',
      },
    })
    await expect.poll(() => (tab.context() as BrowserContext).pages().length).toBe(2)
  })
}

test('a callback page says that nothing was kept for its callback (R88, R175)', async () => {
  const tab = await openApp()
  await tab.evaluate(`history.replaceState(null, '', '/callback?code=c&state=s')`)
  const failure = await tab.evaluate(`import('tessera-auth/callback').then(({ handOverCallback }) =>
    outcomeOf(handOverCallback(createClient())))`)
  expect(failure).toMatchObject({
    error: {
      name: 'AuthError',
      code: 'callback_state',
      message: 'The callback belongs to no sign-in of this browser.',
    },
  })
  expect(tab.url()).toBe(`${fixture.origin}/callback`)
})
