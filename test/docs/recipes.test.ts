import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Bank, startBank } from '../../demo/bank/start-bank.mjs'
import { startTenant, type Tenant } from '../../demo/tenant/start-tenant.mjs'
import {
  createPersistentProfile,
  launchBrowser,
  type Profile,
  type TestBrowser,
} from '../browsers/launch-browser.ts'
import type { Page } from '../browsers/page.ts'
import { type Pages, servePages } from '../browsers/serve-pages.ts'
import { signInAtTenant } from '../browsers/sign-in-at-tenant.ts'
import { compileCodeBlocks, findCodeBlocks } from './code-blocks.mjs'
import { listPages, ROOT, readPage } from './pages.mjs'
import { bundleRecipe, compileRecipes, writeRecipe } from './recipes.mjs'

const RECIPES = listPages()
  .map((page) => /^docs\/recipes\/([a-z-]+)\.md$/.exec(page)?.[1] ?? '')
  .filter((name) => name && name !== 'http-clients')

declare global {
  interface ServiceWorkerRegistration {
    /** Of Background Sync, which the library of TypeScript does not have. */
    readonly sync: { register(tag: string): Promise<void> }
  }
}

let pages: Pages
let tenant: Tenant
let bank: Bank
let browser: TestBrowser
let profile: Profile
const scripts = new Map<string, string>()

const html = (script: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Recipe</title>
<link rel="icon" href="data:,"><base href="/"><body><app-root></app-root><script type="module" src="/${script}"></script>`

beforeAll(async () => {
  pages = await servePages({
    handle({ url = '' }, response) {
      const script = scripts.get(url)
      if (script) response.setHeader('content-type', 'text/javascript').end(script)
      return !!script
    },
  })
  tenant = await startTenant({
    redirectUris: [`${pages.origin()}/callback`],
    postLogoutRedirectUris: [`${pages.origin()}/signed-out`],
  })
  const { issuer, clientId, metadata } = tenant.apps.taxefile
  bank = await startBank({
    issuer,
    audience: clientId,
    jwksUri: metadata.jwks_uri,
    allowedOrigins: [pages.origin()],
  })
  browser = await launchBrowser()
})

afterEach(async () => {
  expect(profile?.observed.errors ?? []).toEqual([])
  await profile?.close()
  tenant?.endSessions()
  tenant?.forgetConsents()
})

afterAll(async () => {
  await browser?.close()
  await bank?.stop()
  await tenant?.stop()
  await pages?.close()
})

/** What the build of an app would put into its service worker. Scripts have their hash in the name. */
const PRECACHED = [
  { url: '/index.html', revision: '1' },
  { url: '/callback.html', revision: '1' },
  { url: '/main.js', revision: null },
  { url: '/callback.js', revision: null },
]

/** Writes a recipe, with the demo's addresses where the reader's own belong. */
const write = (recipe: string) =>
  writeRecipe(recipe, {
    "'abc1234.id.cyberark.cloud'": `'${tenant.url}'`,
    'https://bank.example': bank.url,
    'self.__WB_MANIFEST': JSON.stringify(PRECACHED),
    '@sentry/browser': `${ROOT}test/docs/stand-in-monitor.ts`,
  })

/** Opens the app of a recipe, in a new profile if none is given. */
async function open(recipe: string, path: string, inProfile?: Profile): Promise<Page> {
  const folder = write(recipe)
  const [main = ''] = readdirSync(folder).filter((name) => /^main\./.test(name))
  scripts.set('/main.js', await bundleRecipe(folder, main))
  pages.setPage('/', html('main.js'))
  pages.setPage('/callback', html('main.js'))
  if (readdirSync(folder).includes('callback.ts')) {
    scripts.set('/callback.js', await bundleRecipe(folder, 'callback.ts'))
    pages.setPage('/callback', html('callback.js'))
  }
  profile = inProfile ?? (await browser.newProfile())
  const page = await profile.newPage()
  await page.goto(pages.origin() + path)
  return page
}

const text = (page: Page, words: string) => page.getByText(words).first().waitFor()

test('the recipes compile, each as an app', () => {
  expect(RECIPES.length).toBeGreaterThan(10)
  expect(compileRecipes(RECIPES.map((name) => writeRecipe(name)))).toEqual([])
})

test('what is no app compiles as well', () => {
  const blocks = RECIPES.flatMap(
    (name) => findCodeBlocks(`docs/recipes/${name}.md`, readPage(`docs/recipes/${name}.md`)),
    // A plugin that is not installed here is declared for the apps alone.
  ).filter(({ code }) => !/from '(\.\/|vite-plugin-pwa|@sentry)/.test(code))
  expect(compileCodeBlocks(blocks, 'test/docs/')).toEqual([])
})

describe('a page that shows the state', () => {
  test.for(['state-in-react', 'state-in-vue', 'state-in-svelte'])('%s', async (recipe) => {
    const page = await open(recipe, '/somewhere?kept=1')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await signInAtTenant(page, pages.origin())
    await text(page, 'Hello monika.a')
    expect(page.url()).toBe(`${pages.origin()}/somewhere?kept=1`)
    await page.reload()
    await text(page, 'Hello monika.a')
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.waitForURL(`${pages.origin()}/signed-out**`)
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
  })
})

describe('a guard', () => {
  test.for([
    ['guard-react-router', '/accounts?sort=name', 'iban'],
    ['guard-vue-router', '/accounts?sort=name', 'iban'],
    ['guard-angular', '/accounts?sort=name', 'iban'],
    ['guard-vanilla', '/accounts?sort=name', 'iban'],
    ['hash-router', '/#/accounts', 'The accounts of this user'],
  ] as const)(
    '%s brings the user to the page that was asked for',
    async ([recipe, path, words]) => {
      const page = await open(recipe, path)
      await page.waitForURL(`${tenant.url}/**`)
      await signInAtTenant(page, pages.origin())
      await text(page, words)
      expect(page.url()).toBe(pages.origin() + path)
      await page.reload()
      await text(page, words)
    },
  )

  const ROUTERS = ['guard-react-router', 'guard-vue-router', 'guard-angular', 'guard-vanilla']

  test.for(ROUTERS)('%s has a page for who is signed out, in every tab', async (recipe) => {
    const page = await open(recipe, '/accounts')
    await page.waitForURL(`${tenant.url}/**`)
    await signInAtTenant(page, pages.origin())
    await text(page, 'iban')
    const other = await profile.newPage()
    await other.goto(`${pages.origin()}/accounts`)
    await text(other, 'iban')
    await other.getByRole('button', { name: 'Sign out', exact: true }).click()
    await text(other, 'You are signed out.')
    expect(new URL(other.url()).pathname).toBe('/signed-out')
    await page.waitForFunction(() => !document.body.textContent?.includes('iban'))
    expect(new URL(page.url()).pathname).toBe('/accounts')
  })

  test.for(ROUTERS)('%s says what is wrong with an answer to nothing', async (recipe) => {
    const page = await open(recipe, '/callback?code=x&state=bogus')
    await text(page, 'The callback belongs to no sign-in of this browser.')
    expect(new URL(page.url()).search).toBe('')
    await page.goto(`${pages.origin()}/callback`)
    await page.getByRole('link', { name: 'Accounts' }).waitFor()
  })

  test.for(ROUTERS)('%s says why a sign-in failed, and does not go in circles', async (recipe) => {
    const page = await open(recipe, '/accounts')
    await page.waitForURL(`${tenant.url}/**`)
    await signInAtTenant(page, pages.origin(), { username: 'peter.b' })
    await text(page, 'The provider refused the sign-in: access_denied.')
    expect(new URL(page.url()).search).toBe('')
  })

  test.for(ROUTERS)('%s lets who goes back from the provider do so', async (recipe) => {
    const page = await open(recipe, '/accounts')
    await page.waitForURL(`${tenant.url}/**`)
    await page.goBack()
    await text(page, 'The sign-in was left before it was complete.')
    await page.locator('a, button', { hasText: /Accounts|Try again/ }).click()
    await page.waitForURL(`${tenant.url}/**`)
  })
})

test('step-up: goes on with the payment when the user is back', async () => {
  const page = await open('step-up', '/')
  await page.waitForURL(`${tenant.url}/**`)
  await signInAtTenant(page, pages.origin())
  await page.getByRole('button', { name: 'Pay' }).click()
  await page.getByRole('button', { name: 'Allow the payment' }).click()
  await page.locator('button[name=decision][value=allow]').click()
  await text(page, 'The bank says 201')
})

test('popup: the callback page has a way on for who comes to it with an answer to nothing', async () => {
  const page = await open('popup', '/callback?code=x&state=bogus')
  await text(page, 'The callback belongs to no sign-in of this browser.')
  await page.getByRole('link', { name: 'Start page' }).click()
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
})

test('popup: signs in while the page stays', async () => {
  const page = await open('popup', '/here')
  const opened = page.context().waitForEvent('page')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  const window = await opened
  await window.fill('#username', 'monika.a')
  await window.fill('#password', 'Monika-demo-1')
  await window.click('button[type=submit]')
  await window.locator('button[name=decision][value=allow]').click()
  await text(page, 'Hello monika.a')
  expect(page.url()).toBe(`${pages.origin()}/here`)
})

describe('service workers', () => {
  /** A page that the service worker of the recipe has answered, with the user signed in. */
  async function openByWorker(inProfile?: Profile): Promise<Page> {
    scripts.set('/sw.js', await bundleRecipe(write('service-workers'), 'sw.js'))
    scripts.set('/callback.js', await bundleRecipe(write('popup'), 'callback.ts'))
    pages.setPage('/index.html', html('main.js'))
    pages.setPage('/callback.html', html('callback.js'))
    const page = await open('service-workers', '/accounts', inProfile)
    await page.waitForURL(`${tenant.url}/**`)
    await signInAtTenant(page, pages.origin())
    await text(page, 'Hello monika.a')
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}))
    await page.reload()
    await text(page, 'Hello monika.a')
    return page
  }

  test('the callback page comes out of the cache, and its address reaches no server', async () => {
    const page = await openByWorker()
    const before = pages.requests.length
    // Without the mark in the cookie, nobody is signed in here, and the tenant does not ask again.
    await profile.context.clearCookies({ name: /^tessera-auth$/ })
    await page.reload()
    await text(page, 'Hello monika.a')
    expect(page.url()).toBe(`${pages.origin()}/accounts`)
    const asked = pages.requests.slice(before).map(({ path }) => path)
    expect(asked.filter((path) => /callback/.test(path))).toEqual([])
  })

  test('a page sends what the service worker was woken for, and no token gets into a cache', async () => {
    // In others, which keep nothing on disk, Chromium has no Background Sync.
    const persistent = await createPersistentProfile()
    onTestFinished(persistent.remove)
    const page = await openByWorker(await persistent.start())
    await page.evaluate(async () => {
      const { sync } = await navigator.serviceWorker.ready
      await sync.register('send')
    })
    await text(page, 'The bank says 200')
    const stored = await page.evaluate(async () => {
      const names = await caches.keys()
      const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
      return kept
        .flat()
        .map(({ url, headers }) => [new URL(url).pathname, headers.get('authorization')])
    })
    expect(stored.toSorted()).toEqual([
      ['/callback.html', null],
      ['/callback.js', null],
      ['/index.html', null],
      ['/main.js', null],
    ])
  })
})

test('monitoring: no token, no code and no state is in what it reports', async () => {
  scripts.set('/callback.js', await bundleRecipe(write('popup'), 'callback.ts'))
  const page = await open('monitoring', '/accounts')
  pages.setPage('/callback', html('callback.js'))
  await page.waitForURL(`${tenant.url}/**`)
  await signInAtTenant(page, pages.origin())
  await text(page, 'The bank says 200.')
  await page.evaluate(() => fetch('/other', { headers: { 'x-own': 'seen' } }))
  const reports = JSON.stringify(await page.evaluate(() => reported))
  expect(reports).toContain('["x-own","seen"]')
  expect(reports).not.toMatch(/eyJ|[?&](code|state)=|Bearer|verifier/)
})

test('several resources: each URL is let through as it is listed', async () => {
  const page = await open('several-resources', '/')
  await page.waitForURL(`${tenant.url}/**`)
  await signInAtTenant(page, pages.origin())
  await text(page, 'Accounts: 200. Health: origin_not_allowed.')
})

test('tests: the tests of the recipe pass', () => {
  const folder = writeRecipe('testing')
  // Or vitest takes that of this project.
  writeFileSync(`${folder}vitest.config.mjs`, 'export default {}')
  const vitest = `${ROOT}node_modules/vitest/vitest.mjs`
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [vitest, 'run', '--root', folder],
    { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  )
  expect(status, stdout + stderr).toBe(0)
  expect(stdout).toContain('3 passed')
})
