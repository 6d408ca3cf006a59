import { expect, test } from 'vitest'
import { page } from '../browsers/serve-pages.ts'
import { startStandardProvider } from './start-standard-provider.ts'
import { signInByRedirect, started, statusOf, useProviderApp } from './use-provider-app.ts'

const fixture = useProviderApp()

/** A page with the app in a frame of its own. */
const framing = (address: string) =>
  page(`const frame = document.createElement('iframe')
frame.src = '${address}'
document.body.append(frame)
window.app = () => frame.contentWindow`)
const inFrame = (path: string) =>
  `app().location.pathname === '${path}' && app().document.title === 'started'`

test('a redirect inside a frame of the same origin completes its sign-in', async () => {
  const { tab, origin, provider } = await fixture.open()
  fixture.pages().setPage('/portal', framing('/'))
  await tab.goto(`${origin}/portal`)
  await tab.waitForFunction(inFrame('/'))
  await tab.evaluate(`app().document.getElementById('redirect').click()`)
  await tab.waitForFunction(inFrame('/back'))
  expect(await tab.evaluate('app().auth.state.status')).toBe('signed-in')
  expect(tab.url()).toBe(`${origin}/portal`)
  expect(provider.requests('/token')).toHaveLength(1)
})

test.for([
  ['completes nothing in the hidden frame that nobody waits for', 'app'],
  ['completes nothing in a frame of another site', 'evil'],
] as const)('the callback page %s (R172)', async ([, where]) => {
  const app = await fixture.open({
    imports: "import { silentFrame } from 'tessera-auth/silent'",
    options: 'capabilities: [silentFrame({ timeout: 5_000 })],',
    provider: { refreshTokens: false },
    callback: `const auth = client()
await handOverCallback(auth).then(() => 'nothing', (error) => error.code)
  .then((outcome) => {
    if (parent !== window) parent.postMessage([outcome, auth.state.status], '*')
  })`,
  })
  const { tab, origin, provider } = app
  await signInByRedirect(app)
  const stranger = `${origin}/callback?code=stolen&state=${'A'.repeat(43)}`
  if (where === 'app') {
    provider.options.intercept = ({ url = '' }, response) => {
      if (!url.includes('prompt=none')) return false
      response.writeHead(302, { location: stranger }).end()
      return true
    }
    const outcome = tab.evaluate(`new Promise((resolve) => {
      onmessage = ({ data }) => resolve(data)
      auth.getAccessToken({ forceRenewal: true }).catch(() => {})
    })`)
    expect(await outcome).toEqual(['nothing', 'starting'])
  } else {
    fixture.pages().setPage('/evil', framing('about:blank'))
    const evil = await app.context.newPage()
    await evil.goto(`${fixture.pages().origin('evil.localhost')}/evil`)
    const outcome = evil.evaluate(`new Promise((resolve) => {
      onmessage = ({ data }) => resolve(data)
      app().location = '${stranger}'
    })`)
    expect(await outcome).toEqual(['nothing', 'starting'])
  }
  expect(provider.requests('/token')).toHaveLength(1)
  expect(await statusOf(tab)).toBe('signed-in')
})

test.for([
  ['the other one', 'const theirs = other()\nawait handOverCallback(client())'],
  [
    'both, in turn',
    'const [ours, theirs] = [client(), other()]\nawait handOverCallback(ours)\nawait handOverCallback(theirs)',
  ],
  ['both at once', 'await Promise.all([client(), other()].map((auth) => handOverCallback(auth)))'],
] as const)(
  'the callback page of two clients, called for %s, signs in whoever has begun (R136)',
  async ([, callback]) => {
    const origin = fixture.pages().origin()
    const second = await startStandardProvider({ origins: [origin] })
    fixture.atEnd(second.close)
    const app = await fixture.open({
      imports: `globalThis.other = () => createAuth({
  issuer: '${second.issuer}',
  metadata: ${await second.metadata()},
  clientId: '${second.clientId}',
  redirectUri: '/callback',
})`,
      callback,
    })
    const { tab, provider } = app
    await tab.evaluate(`void other().signIn({ returnTo: '/back' })`)
    await tab.waitForURL(`${origin}/back`)
    await started(tab)
    const theirs = `(globalThis.theirs ??= other()).start().then(({ error }) => [error, theirs.state.status])`
    expect(await tab.evaluate(theirs)).toEqual([null, 'signed-in'])
    expect(await statusOf(tab)).toBe('signed-out')
    await signInByRedirect(app)
    expect(await statusOf(tab)).toBe('signed-in')
    for (const { requests } of [provider, second]) expect(requests('/token')).toHaveLength(1)
  },
)
