import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { launchBrowser, type Profile, type TestBrowser } from '../browsers/launch-browser.ts'
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
): Promise<{
  tab: Awaited<ReturnType<Profile['newPage']>>
  provider: StandardProvider
  profile: Profile
}> {
  const provider = await startStandardProvider({ origins: [pages.origin()], ...provided })
  closing.push(provider.close)
  const client = `createAuth({
    issuer: '${provider.issuer}',
    clientId: '${provider.clientId}',
    redirectUri: '/callback',
    scope: ['openid', 'api.read'],
    resources: [{ url: '${provider.apiUrl}' }],
    ${options}
  })`
  pages.setPage(
    '/',
    page(
      `
import { createAuth } from 'tessera-auth'
${imports}
const auth = ${client}
Object.assign(window, { auth, ready: auth.start() })
const on = (id, run) => { document.getElementById(id).onclick = () => { window.done = run().then(() => 'ok', (error) => error.code + ': ' + error.message) } }
${imports.includes('popup') ? "on('popup', () => auth.signIn({ via: popup({ timeout: 4000 }) }))" : ''}
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
await handOverCallback(${client})
`),
  )
  const profile = await browser.newProfile()
  closing.push(profile.close)
  const tab = await profile.newPage()
  await tab.goto(pages.origin())
  await tab.waitForFunction(() => document.title === 'started')
  return { tab, provider, profile }
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
  await tab.click('#redirect')
  await tab.waitForURL(`${pages.origin()}/back`)
  await tab.waitForFunction(() => document.title === 'started')
  expect(await stateOf(tab)).toBe('signed-in')
})

test('silentFrame() renews where there is no refresh token', async () => {
  const { tab, provider } = await open(
    "import { silentFrame } from 'tessera-auth/silent'",
    'capabilities: [silentFrame()]',
    { refreshTokens: false },
  )
  await tab.click('#redirect')
  await tab.waitForURL(`${pages.origin()}/back`)
  await tab.waitForFunction(() => document.title === 'started')
  const before = await tab.evaluate('auth.getAccessToken()')
  const after = await tab.evaluate('auth.getAccessToken({ forceRenewal: true })')
  expect(after).not.toBe(before)
  expect(await tab.evaluate('document.querySelectorAll("iframe").length')).toBe(0)
  expect(provider.requests('/auth').at(-1)?.query.prompt).toBe('none')
})

test('pushedAuthorization() shows nothing in the address but a reference', async () => {
  const { tab, provider } = await open(
    "import { pushedAuthorization } from 'tessera-auth/par'",
    'capabilities: [pushedAuthorization()]',
    { pushRequired: true },
  )
  await tab.click('#redirect')
  await tab.waitForURL(`${pages.origin()}/back`)
  await tab.waitForFunction(() => document.title === 'started')
  expect(await stateOf(tab)).toBe('signed-in')
  expect(Object.keys(provider.requests('/auth')[0]?.query ?? {}).sort()).toEqual([
    'client_id',
    'request_uri',
  ])
})

test('dpop() binds every token, also where servers want nonces', async () => {
  const { tab, provider, profile } = await open(
    "import { dpop } from 'tessera-auth/dpop'",
    'capabilities: [dpop()]',
    { dpopRequired: true, dpopNonces: true },
  )
  await tab.click('#redirect')
  await tab.waitForURL(`${pages.origin()}/back`)
  await tab.waitForFunction(() => document.title === 'started')
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
