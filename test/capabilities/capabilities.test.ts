import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { launchBrowser, type Profile, type TestBrowser } from '../browsers/launch-browser.ts'
import type { Page } from '../browsers/page.ts'
import { type Pages, page, servePages } from '../browsers/serve-pages.ts'
import {
  type StandardProvider,
  type StandardProviderOptions,
  startStandardProvider,
} from './start-standard-provider.ts'

let browser: TestBrowser
let pages: Pages
const closing: (() => Promise<void>)[] = []

beforeAll(async () => {
  pages = await servePages()
  browser = await launchBrowser()
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

async function open(
  imports: string,
  options: string,
  provided: Partial<StandardProviderOptions> = {},
  request = 'via: popup({ timeout: 10_000 })',
): Promise<{
  tab: Page
  provider: StandardProvider
  profile: Profile
}> {
  const provider = await startStandardProvider({ origins: [pages.origin()], ...provided })
  closing.push(provider.close)
  const metadata = await (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).text()
  const client = `createAuth({
    issuer: '${provider.issuer}',
    clientId: '${provider.clientId}',
    redirectUri: '/callback',
    scope: ['openid', 'api.read'],
    resources: [{ url: '${provider.apiUrl}' }],
    ${options}
    ...more
  })`
  pages.setPage(
    '/',
    page(
      `
import { createAuth } from 'tessera-auth'
${imports}
const metadata = ${metadata}
const client = (more) => ${client}
const auth = client()
Object.assign(window, { auth, client, ready: auth.start() })
const on = (id, run) => { document.getElementById(id).onclick = () => { window.done = run().then(() => 'ok', (error) => error.code + ': ' + error.message) } }
${imports.includes('popup') ? `on('popup', () => auth.signIn({ ${request} }))` : ''}
on('redirect', () => auth.signIn({ returnTo: '/back' }))
await window.ready
document.title = 'started'
`,
      { body: '<button id="popup">popup</button><button id="redirect">redirect</button>' },
    ),
  )
  pages.setPage(
    '/callback',
    page(`
import { createAuth } from 'tessera-auth'
import { handOverCallback } from 'tessera-auth/callback'
${imports}
const metadata = ${metadata}
const more = {}
await handOverCallback(${client}).catch((error) => {
  window.failure = error
  document.title = 'failed'
})
`),
  )
  const profile = await browser.newProfile()
  closing.push(profile.close)
  const tab = await profile.newPage()
  await tab.goto(pages.origin())
  await tab.waitForFunction(() => document.title === 'started')
  return { tab, provider, profile }
}

async function signInByRedirect(tab: Page): Promise<void> {
  await tab.click('#redirect')
  await tab.waitForURL(`${pages.origin()}/back`)
  await tab.waitForFunction(() => document.title === 'started')
}

const stateOf = (tab: { evaluate: (script: string) => Promise<unknown> }) =>
  tab.evaluate('auth.state.status')

test('popup() signs in without leaving the page', async () => {
  const { tab, provider, profile } = await open("import { popup } from 'tessera-auth/popup'", '')
  await tab.click('#popup')
  expect(await tab.evaluate('done')).toBe('ok')
  expect(await stateOf(tab)).toBe('signed-in')
  expect(await tab.evaluate(`auth.fetch('${provider.apiUrl}x').then((r) => r.json())`)).toEqual({
    sub: 'monika',
    scheme: 'Bearer',
  })
  expect(profile.observed.errors).toEqual([])
})

test('popup() works where the provider cuts the tie to its opener', async () => {
  const { tab } = await open("import { popup } from 'tessera-auth/popup'", '', {
    openerPolicy: 'same-origin',
  })
  await tab.click('#popup')
  expect(await tab.evaluate('done')).toBe('ok')
  expect(await stateOf(tab)).toBe('signed-in')
})

test('the callback page completes a redirect as well', async () => {
  const { tab } = await open('', '')
  await signInByRedirect(tab)
  expect(await stateOf(tab)).toBe('signed-in')
})

test('silentFrame() renews where there is no refresh token', async () => {
  const { tab, provider } = await open(
    "import { silentFrame } from 'tessera-auth/silent'",
    'capabilities: [silentFrame()],',
    { refreshTokens: false },
  )
  await signInByRedirect(tab)
  const before = await tab.evaluate('auth.getAccessToken()')
  const after = await tab.evaluate('auth.getAccessToken({ forceRenewal: true })')
  expect(after).not.toBe(before)
  expect(await tab.evaluate('document.querySelectorAll("iframe").length')).toBe(0)
  expect(provider.requests('/auth').at(-1)?.query.prompt).toBe('none')
})

test('pushedAuthorization() shows nothing in the address but a reference', async () => {
  const { tab, provider } = await open(
    "import { pushedAuthorization } from 'tessera-auth/par'",
    'capabilities: [pushedAuthorization()],',
    { pushRequired: true },
  )
  await signInByRedirect(tab)
  expect(await stateOf(tab)).toBe('signed-in')
  expect(Object.keys(provider.requests('/auth')[0]?.query ?? {}).sort()).toEqual([
    'client_id',
    'request_uri',
  ])
})

test('dpop() binds every token, also where servers want nonces', async () => {
  const { tab, provider, profile } = await open(
    "import { dpop } from 'tessera-auth/dpop'",
    'capabilities: [dpop()],',
    { dpopRequired: true, dpopNonces: true },
  )
  await signInByRedirect(tab)
  expect(await stateOf(tab)).toBe('signed-in')
  expect(await tab.evaluate(`auth.fetch('${provider.apiUrl}x').then((r) => r.json())`)).toEqual({
    sub: 'monika',
    scheme: 'DPoP',
  })
  await tab.evaluate('auth.getAccessToken({ forceRenewal: true })')
  expect(
    await tab.evaluate(
      `auth.fetch('${provider.apiUrl}x', { method: 'POST', body: 'hello' }).then((r) => r.json())`,
    ),
  ).toEqual({ sub: 'monika', scheme: 'DPoP' })
  expect(provider.requests('/auth')[0]?.query.dpop_jkt).toMatch(/^[\w-]{43}$/)
  expect(profile.observed.errors).toEqual([])
})

test('popup() says when its window is closed', async () => {
  const { tab, profile } = await open(
    "import { popup } from 'tessera-auth/popup'",
    '',
    {},
    "loginHint: 'hold', via: popup({ timeout: 60_000 })",
  )
  const opening = profile.context.waitForEvent('page')
  await tab.click('#popup')
  const window = await opening
  await window.getByText('Sign in').waitFor()
  // The page looks at the window by an interval: three of its own later it has seen it away.
  await tab.evaluate(
    () =>
      new Promise<void>((resolve) => {
        let ticks = 0
        const interval = setInterval(() => {
          ticks += 1
          if (ticks < 3) return
          clearInterval(interval)
          resolve()
        }, 200)
      }),
  )
  await window.close()
  expect(await tab.evaluate('done')).toBe('popup_closed: The window of the sign-in was closed.')
  expect(await tab.evaluate('auth.state.error.code')).toBe('popup_closed')
})

test('popup() gives up after its time', async () => {
  const { tab } = await open(
    "import { popup } from 'tessera-auth/popup'",
    '',
    { openerPolicy: 'same-origin' },
    "loginHint: 'hold', via: popup({ timeout: 1500 })",
  )
  await tab.click('#popup')
  expect(await tab.evaluate('done')).toBe('timeout: The sign-in took too long.')
})

test('popup() says when the browser does not open its window', async () => {
  const { tab } = await open("import { popup } from 'tessera-auth/popup'", '')
  await tab.evaluate('window.open = () => null')
  await tab.click('#popup')
  expect(await tab.evaluate('done')).toBe(
    'popup_blocked: The browser did not open the window for the sign-in.',
  )
})

test('a frame that the provider wants to see the user in leaves the session as it is', async () => {
  const { tab, provider, profile } = await open(
    "import { silentFrame } from 'tessera-auth/silent'",
    'capabilities: [silentFrame()],',
    { refreshTokens: false },
  )
  await signInByRedirect(tab)
  await profile.context.clearCookies({ name: /^_(session|interaction)/ })
  const outcome = await tab.evaluate(
    'auth.getAccessToken({ forceRenewal: true }).catch((error) => error.code)',
  )
  expect(outcome).toBe('interaction_required')
  expect(await stateOf(tab)).toBe('signed-in')
  expect(provider.requests('/token')).toHaveLength(1)
  expect(await tab.evaluate('document.querySelectorAll("iframe").length')).toBe(0)
})

test('a provider that wants pushed requests is refused where the app cannot push', async () => {
  const { tab, provider } = await open(
    '',
    'metadata: { ...metadata, require_pushed_authorization_requests: true },',
  )
  await tab.click('#redirect')
  expect(await tab.evaluate('done')).toBe(
    'config: signIn: this provider needs the capability pushedAuthorization().',
  )
  expect(provider.requests('/auth')).toEqual([])
})

test('dpop() says when a server hides its nonce', async () => {
  const { tab } = await open("import { dpop } from 'tessera-auth/dpop'", 'capabilities: [dpop()],')
  await signInByRedirect(tab)
  const api = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', 'authorization, dpop')
    response.setHeader('access-control-expose-headers', 'www-authenticate')
    response.setHeader('www-authenticate', 'DPoP error="use_dpop_nonce"')
    response.writeHead(request.method === 'OPTIONS' ? 204 : 401).end()
  })
  await new Promise<void>((resolve) => api.listen(0, resolve))
  closing.push(async () => void api.close())
  const url = `http://localhost:${(api.address() as AddressInfo).port}/hidden`
  const outcome = await tab.evaluate(
    `client({ resources: [{ url: '${url}' }] }).fetch('${url}').catch((error) => error.code + ': ' + error.message)`,
  )
  expect(outcome).toBe('dpop: The server asks for a nonce that no page may read.')
})

test('dpop() ends its key with the session', async () => {
  const { tab, provider } = await open(
    "import { dpop } from 'tessera-auth/dpop'",
    'capabilities: [dpop()],',
    { dpopRequired: true },
  )
  await signInByRedirect(tab)
  await tab.evaluate('auth.signOut({ local: true })')
  expect(await stateOf(tab)).toBe('signed-out')
  await signInByRedirect(tab)
  const [first, second] = provider.requests('/auth').map(({ query }) => query.dpop_jkt)
  expect(first).toMatch(/^[\w-]{43}$/)
  expect(second).not.toBe(first)
})

test('dpop() accepts no token that is not bound', async () => {
  const { tab } = await open(
    "import { dpop } from 'tessera-auth/dpop'",
    `capabilities: [dpop()],
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      if (!String(input).endsWith('/token')) return response
      return Response.json({ ...(await response.json()), token_type: 'Bearer' })
    },`,
  )
  await tab.click('#redirect')
  await tab.waitForURL(`${pages.origin()}/callback`)
  await tab.waitForFunction(() => document.title === 'failed')
  expect(await tab.evaluate('failure.message')).toBe('The token response has no usable token_type.')
})
