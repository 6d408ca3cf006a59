import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { launchBrowser, type Profile, type TestBrowser } from '../browsers/launch-browser.ts'
import type { Page as AnyPage } from '../browsers/page.ts'
import { type Pages, page, servePages } from '../browsers/serve-pages.ts'
import {
  type StandardProvider,
  type StandardProviderOptions,
  startStandardProvider,
} from './start-standard-provider.ts'

/** An app at a provider of its own. What is code is written as it stands in the app. */
export interface AppSetup {
  /** Its import statements, besides that of `createAuth`. */
  readonly imports?: string
  /** Further members of `createAuth({ … })`. */
  readonly options?: string
  /** The members of `signIn({ … })` behind the button "popup". */
  readonly request?: string
  readonly provider?: Partial<StandardProviderOptions>
  /** The host of the app. Default `localhost`, which is the site of the provider as well. */
  readonly host?: string
  /** Who uses it. Default a new profile of the browser of all tests. */
  readonly profile?: Profile
  /** What the callback page does. Default `await handOverCallback(client())`. */
  readonly callback?: string
  /** The module of the page at `/callback`, instead of the callback page. */
  readonly callbackModule?: string
}

export interface OpenApp {
  readonly tab: Page
  readonly provider: StandardProvider
  readonly profile: Profile
  readonly context: BrowserContext
  /** Where the app is. */
  readonly origin: string
}

export interface AppFixture {
  readonly browser: () => TestBrowser
  readonly pages: () => Pages
  readonly open: (setup?: AppSetup) => Promise<OpenApp>
  /** Runs a task when the test is over. */
  readonly atEnd: (task: () => Promise<unknown>) => void
}

/** A browser, a server for the app's pages, and whatever a test opens. */
export function useProviderApp(): AppFixture {
  let browser: TestBrowser
  let pages: Pages
  const closing: (() => Promise<unknown>)[] = []

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

  return {
    browser: () => browser,
    pages: () => pages,
    atEnd: (task) => void closing.push(task),
    async open(setup = {}) {
      const origin = pages.origin(setup.host)
      const provider = await startStandardProvider({ origins: [origin], ...setup.provider })
      closing.push(provider.close)
      await setPages(pages, setup, provider)
      const profile = setup.profile ?? (await browser.newProfile())
      if (!setup.profile) closing.push(profile.close)
      // These tests need more of a browser than the engines have in common, and playwright's have it.
      const context = profile.context as BrowserContext
      const tab = await context.newPage()
      await tab.goto(origin)
      await started(tab)
      return { tab, provider, profile, context, origin }
    },
  }
}

async function setPages(
  pages: Pages,
  { imports = '', options = '', request, callback, callbackModule }: AppSetup,
  provider: StandardProvider,
): Promise<void> {
  // `imports` says whether there is a popup to open.
  const popup = request ?? (imports.includes('popup') ? 'via: popup({ timeout: 60_000 })' : '')
  const app = `
import { createAuth } from 'tessera-auth'
${imports}
const metadata = ${await provider.metadata()}
const client = (more) => createAuth({
  issuer: '${provider.issuer}',
  clientId: '${provider.clientId}',
  redirectUri: '/callback',
  scope: ['openid', 'api.read'],
  resources: [{ url: '${provider.apiUrl}' }],
  ${options}
  ...more
})`
  const body = '<button id="popup">popup</button><button id="redirect">redirect</button>'
  pages.setPage(
    '/',
    page(
      `${app}
const auth = client()
Object.assign(window, { auth, client, metadata, ready: auth.start() })
const describe = (error) => error.code + ': ' + error.message
const on = (id, run) => { document.getElementById(id).onclick = () => { window.done = run().then(() => 'ok', describe) } }
${popup && `on('popup', () => auth.signIn({ ${popup} }))`}
on('redirect', () => auth.signIn({ returnTo: '/back' }))
window.ready.then(() => { document.title = 'started' })`,
      { body },
    ),
  )
  pages.setPage(
    '/callback',
    page(
      callbackModule ??
        `import { handOverCallback } from 'tessera-auth/callback'
${app}
try {
  ${callback ?? 'await handOverCallback(client())'}
} catch (error) {
  window.failure = error
  document.title = 'failed'
}`,
    ),
  )
}

/** Waits until the app has started. */
export async function started(tab: AnyPage): Promise<void> {
  await tab.waitForFunction(() => document.title === 'started')
}

/** Signs in by redirect, from the app's page and back to it. */
export async function signInByRedirect({ tab, origin }: Pick<OpenApp, 'tab' | 'origin'>) {
  // The address alone does not tell: who signs in again was there before.
  await tab.evaluate('window.isLeft = true')
  await tab.click('#redirect')
  await tab.waitForFunction(`!window.isLeft && location.href === '${origin}/back'`)
  await started(tab)
}

/** Evaluates the app's own words. Unlike a function, they need no types of the page. */
export const statusOf = (tab: AnyPage): Promise<unknown> => tab.evaluate('auth.state.status')
