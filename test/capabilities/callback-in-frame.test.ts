import { expect, test } from 'vitest'
import { page } from '../browsers/serve-pages.ts'
import { signInByRedirect, statusOf, useProviderApp } from './use-provider-app.ts'

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
