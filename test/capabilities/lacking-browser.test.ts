import type { BrowserContext } from 'playwright-core'
import { expect, test } from 'vitest'
import {
  type OpenApp,
  signInByRedirect,
  started,
  statusOf,
  useProviderApp,
} from './use-provider-app.ts'

const fixture = useProviderApp()

/** Opens the app where each page runs a script first, which takes something from the browser. */
async function openWithout(script: string): Promise<OpenApp> {
  const profile = await fixture.browser().newProfile()
  fixture.atEnd(profile.close)
  await (profile.context as BrowserContext).addInitScript({ content: script })
  return fixture.open({ imports: `import { popup } from 'tessera-auth/popup'`, profile })
}

const without = (owner: string, name: string) =>
  `Object.defineProperty(${owner}, '${name}', { value: undefined })`

/** What `docs/browsers.md` calls it, and how it is taken. */
const LOCKS = without('Navigator.prototype', 'locks')
const COOKIES = `Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set() {} })`
const DATABASE = without('window', 'indexedDB')
const CHANNEL = 'delete window.BroadcastChannel'
const WINDOWS = 'window.open = () => null'
/** What came after the oldest browsers that are supported. */
const NEWER = `
  for (const name of ['userActivation', 'serviceWorker']) {
    Object.defineProperty(Navigator.prototype, name, { value: undefined })
  }
  Object.defineProperty(window, 'navigation', { value: undefined })
  for (const name of ['canParse', 'parse']) delete URL[name]
  for (const name of ['body', 'duplex', 'keepalive']) delete Request.prototype[name]
  for (const name of ['try', 'withResolvers']) delete Promise[name]
  for (const name of ['toBase64', 'toHex']) delete Uint8Array.prototype[name]
  delete Uint8Array.fromBase64
  delete Response.json
  delete AbortSignal.any
  delete Array.fromAsync
  delete Object.groupBy`

test.for([
  [
    'BroadcastChannel',
    CHANNEL,
    'storage_unavailable: The browser lets no window hand its callback over.',
  ],
  ['windows', WINDOWS, 'popup_blocked: The browser did not open the window for the sign-in.'],
  ['IndexedDB', DATABASE, 'ok'],
  ['Web Locks', LOCKS, 'ok'],
  ['cookies', COOKIES, 'ok'],
  ['what is newer than the oldest browsers', NEWER, 'ok'],
] as const)('popup() without %s', async ([, script, outcome]) => {
  const { tab } = await openWithout(script)
  await tab.click('#popup')
  expect(await tab.evaluate('window.done')).toBe(outcome)
  expect(await statusOf(tab)).toBe(outcome === 'ok' ? 'signed-in' : 'signed-out')
})

test.for([
  ['BroadcastChannel', CHANNEL, [undefined, 'signed-in']],
  ['windows', WINDOWS, [undefined, 'signed-in']],
  ['Web Locks', LOCKS, ['storage_unavailable', 'signed-out']],
  ['cookies', COOKIES, ['storage_unavailable', 'signed-out']],
  ['what is newer than the oldest browsers', NEWER, [undefined, 'signed-in']],
] as const)('a sign-in by redirect, and a reload, without %s', async ([, script, expected]) => {
  const app = await openWithout(script)
  const { tab } = app
  await signInByRedirect(app)
  expect(await statusOf(tab)).toBe('signed-in')
  const warning = await tab.evaluate('auth.state.warning?.code')
  await tab.reload()
  await started(tab)
  expect([warning, await statusOf(tab)]).toEqual(expected)
})

test('a sign-in by redirect does not begin without IndexedDB', async () => {
  const { tab, origin } = await openWithout(DATABASE)
  await tab.click('#redirect')
  expect(await tab.evaluate('window.done')).toBe(
    'storage_unavailable: The browser keeps no data for this page.',
  )
  expect(tab.url()).toBe(`${origin}/`)
})
