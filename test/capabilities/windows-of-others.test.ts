import { expect, test } from 'vitest'
import { page } from '../browsers/serve-pages.ts'
import { imports } from './popup-window.ts'
import { signInByRedirect, started, useProviderApp } from './use-provider-app.ts'

const fixture = useProviderApp()
const silent = {
  imports: "import { silentFrame } from 'tessera-auth/silent'",
  options: 'capabilities: [silentFrame()],',
  provider: { refreshTokens: false },
}
const RENEW = `auth.getAccessToken({ forceRenewal: true }).then(() => 'renewed', (e) => e.code)`

test('a site that opens the app in a window named as the frame is does not keep it from renewing', async () => {
  const app = await fixture.open(silent)
  await signInByRedirect(app)
  fixture.pages().setPage(
    '/evil',
    page(
      `window.onclick = () => { window.opened = open('${app.origin}', 'tessera-auth silent') }`,
      {
        body: '<button id="open">open</button>',
      },
    ),
  )
  const evil = await app.context.newPage()
  await evil.goto(`${fixture.pages().origin('evil.localhost')}/evil`)
  const [opened] = await Promise.all([app.context.waitForEvent('page'), evil.click('#open')])
  await started(opened)
  expect(await opened.evaluate('window.name')).toBe('tessera-auth silent')
  expect(await opened.evaluate(RENEW)).toBe('renewed')
})

test('a frame outlives what an app does to its body meanwhile', async () => {
  const app = await fixture.open(silent)
  await signInByRedirect(app)
  await app.tab.evaluate(`void new MutationObserver((_, observer) => {
    observer.disconnect()
    document.body = document.createElement('body')
  }).observe(document, { childList: true, subtree: true })`)
  expect(await app.tab.evaluate(RENEW)).toBe('renewed')
})

test('the page of a provider in a frame takes nothing of the page that has it', async () => {
  const app = await fixture.open({
    ...silent,
    options: 'capabilities: [silentFrame({ timeout: 5_000 })],',
    host: 'app.localhost',
    provider: { ...silent.provider, host: 'idp.localhost' },
  })
  await signInByRedirect(app)
  await app.tab.evaluate(`addEventListener('message', ({ data }) => { window.attempts = data })`)
  app.provider.options.intercept = ({ url }, response) => {
    if (!url?.startsWith('/auth?') || !url.includes('prompt=none')) return false
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<script>
      const state = new URLSearchParams(location.search).get('state')
      const forged = { version: 1, type: 'callback', query: '?code=forged&state=' + state }
      parent.postMessage(forged, '*')
      const channel = new BroadcastChannel('tessera-auth callback ' + state)
      channel.postMessage(forged)
      const attempt = (work) => { try { return work() ?? 'refused' } catch { return 'refused' } }
      attempt(() => { top.location = 'about:blank' })
      attempt(() => alert('Sign in'))
      parent.postMessage([attempt(() => open('about:blank')), attempt(() => parent.document)], '*')
    </script>`)
    return true
  }
  expect(await app.tab.evaluate(RENEW)).toBe('interaction_required')
  expect(await app.tab.evaluate('auth.state.error.code')).toBe('timeout')
  expect(await app.tab.evaluate('attempts')).toEqual(['refused', 'refused'])
  expect(app.tab.url()).toBe(`${app.origin}/back`)
  expect(app.provider.requests('/token')).toHaveLength(1)
})

test('popup() may be told to wait for ever', async () => {
  const { tab } = await fixture.open({
    imports,
    request: 'via: popup({ timeout: Number.POSITIVE_INFINITY })',
  })
  await tab.click('#popup')
  expect(await tab.evaluate('done')).toBe('ok')
})
