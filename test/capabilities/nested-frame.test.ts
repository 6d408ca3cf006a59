import { expect, test } from 'vitest'
import { signInByRedirect, statusOf, useProviderApp } from './use-provider-app.ts'

const fixture = useProviderApp()

test('an app that is its own callback page opens no frame inside the frame (R172)', async () => {
  const app = await fixture.open({
    imports: "import { silentFrame } from 'tessera-auth/silent'",
    options: 'capabilities: [silentFrame({ timeout: 5_000 })],',
    provider: { refreshTokens: false },
    callbackModule: `import { createAuth } from 'tessera-auth'
import { silentFrame } from 'tessera-auth/silent'
const frames = new BroadcastChannel('frames')
new MutationObserver(() => {
  frames.postMessage([top === window, document.querySelectorAll('iframe').length])
}).observe(document.documentElement, { childList: true })
const options = await (await fetch('/options')).json()
const auth = createAuth({ ...options, capabilities: [silentFrame({ timeout: 5_000 })] })
const { returnTo } = await auth.start()
if (top === window) location.replace(returnTo ?? '/')
else await auth.getAccessToken({ forceRenewal: true }).catch(() => {})`,
  })
  fixture.pages().setPage(
    '/options',
    JSON.stringify({
      issuer: app.provider.issuer,
      clientId: app.provider.clientId,
      redirectUri: '/callback',
      scope: ['openid', 'api.read'],
      resources: [{ url: app.provider.apiUrl }],
    }),
  )
  await signInByRedirect(app)
  await app.tab.evaluate(`void (() => {
    window.nested = []
    new BroadcastChannel('frames').onmessage = ({ data }) => nested.push(data)
  })()`)
  expect(
    await app.tab.evaluate(
      `auth.getAccessToken({ forceRenewal: true }).then(() => 'renewed', (e) => e.code)`,
    ),
  ).toBe('interaction_required')
  expect(await app.tab.evaluate('nested')).toEqual([])
  expect(
    app.provider.requests('/auth').filter(({ query }) => query.prompt === 'none'),
  ).toHaveLength(1)
  expect(await app.tab.evaluate('document.querySelectorAll("iframe").length')).toBe(0)
  expect(await statusOf(app.tab)).toBe('signed-in')
})
