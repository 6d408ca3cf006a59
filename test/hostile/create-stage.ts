import type { Page } from 'playwright-core'
import type { AuthOptions } from 'tessera-auth'
import type { Profile, TestBrowser } from '../browsers/launch-browser.ts'
import type { Pages } from '../browsers/serve-pages.ts'
import type { App, Call, Snapshot } from './app.ts'
import type { HostileCase } from './define-case.ts'
import { CLIENT_ID, type Issuer } from './provider/create-issuer.ts'
import type { ProviderServer } from './provider/start-provider.ts'
import { watchPage } from './watch-page.ts'

/** What all cases share. */
export interface World {
  readonly browser: TestBrowser
  readonly pages: Pages
  readonly provider: ProviderServer
  /** The honest runs so far, by how they start. */
  readonly twins: Map<string, Promise<void>>
}

/** One run of a case: a user of their own at a provider of their own. */
export interface Stage {
  readonly hostile: boolean
  readonly profile: Profile
  readonly issuer: Issuer
  /** All providers of this run. */
  readonly issuers: readonly Issuer[]
  /** Where the app is: `http://app.localhost:…`. */
  readonly origin: string
  /** All tabs, in the order they were opened. */
  readonly tabs: readonly Tab[]
  /** The addresses that the test itself opened. */
  readonly visited: Set<string>
  /** A further provider, which the app does not know. */
  addIssuer(): Issuer
  /** A tab; its pages get these options besides those of the case. */
  newTab(options?: Partial<AuthOptions>): Promise<Tab>
  /** Opens a page of the app in a new tab and waits for its report. */
  open(path: string): Promise<Tab>
  /** Signs in on a new tab, and stays at the provider: the address to go on with is returned. */
  begin(): Promise<{ readonly tab: Tab; readonly callback: string }>
  /** Empties what the browser keeps for the app, as if it were another browser. */
  forgetEverything(tab: Tab): Promise<void>
  /** Moves the clock of all pages to come. */
  shiftClock(milliseconds: number): Promise<void>
}

export interface Tab {
  readonly page: Page
  /** Goes there and waits for the page's report. */
  goto(url: string): Promise<Snapshot>
  /** The next report of a page in this tab. */
  report(): Promise<Snapshot>
  /** All reports so far. */
  heard(): readonly Snapshot[]
  /** Makes the page call its client. */
  call(name: string, ...given: unknown[]): Promise<Call>
  snapshot(): Promise<Snapshot>
}

const PATIENCE = 12_000

/** Sets up one run: profile, provider, and pages that are watched from their first moment. */
export async function createStage(
  { browser, pages, provider }: World,
  each: HostileCase,
  hostile: boolean,
): Promise<Stage> {
  const issuer = provider.addIssuer()
  const profile = await browser.newProfile()
  const { context } = profile
  const origin = pages.origin('app.localhost')
  const options: AuthOptions = {
    issuer: issuer.url,
    clientId: CLIENT_ID,
    redirectUri: '/callback',
    scope: ['openid', 'profile'],
    ...each.options?.(issuer),
  }
  const setup = { options, request: each.request ?? {}, mode: hostile ? each.mode : undefined }
  const tabs: Tab[] = []
  const issuers = [issuer]
  const visited = new Set<string>()
  const heard = new Map<Page, (snapshot: Snapshot) => void>()
  await context.exposeBinding('__report', ({ page }, snapshot: Snapshot) =>
    heard.get(page)?.(snapshot),
  )
  await context.addInitScript({
    content: `window.setup = ${JSON.stringify(setup)};(${watchPage})()`,
  })

  const stage: Stage = {
    hostile,
    profile,
    issuer,
    issuers,
    origin,
    tabs,
    visited,
    addIssuer() {
      const added = provider.addIssuer()
      issuers.push(added)
      return added
    },
    async newTab(more) {
      const page = await context.newPage()
      if (more) {
        const content = `Object.assign(window.setup.options, ${JSON.stringify(more)})`
        await page.addInitScript({ content })
      }
      const { tab, hear } = createTab(page, visited)
      heard.set(page, hear)
      tabs.push(tab)
      return tab
    },
    async open(path) {
      const tab = await stage.newTab()
      await tab.goto(origin + path)
      return tab
    },
    async begin() {
      const tab = await stage.newTab()
      const times = issuer.callbacks.length + 1
      issuer.interactive = true
      const arrived = issuer.reached('authorize', times)
      await tab.page.goto(`${origin}/`, { waitUntil: 'commit' })
      await within(arrived, 'The page did not send the user to the provider.')
      await tab.page.waitForURL(`${issuer.url}/**`)
      issuer.interactive = false
      return { tab, callback: issuer.callbacks[times - 1] ?? '' }
    },
    async forgetEverything({ page }) {
      const session = await context.newCDPSession(page)
      await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
      await session.detach()
    },
    async shiftClock(milliseconds) {
      await context.addInitScript({
        content: `{ const now = Date.now; Date.now = () => now() + ${milliseconds} }`,
      })
    },
  }
  return stage
}

function createTab(
  page: Page,
  visited: Set<string>,
): { tab: Tab; hear: (snapshot: Snapshot) => void } {
  const unread: Snapshot[] = []
  const all: Snapshot[] = []
  let wake: (() => void) | undefined
  const next = async () => {
    while (unread.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return unread.shift() as Snapshot
  }
  const report = () => within(next(), `No report from ${page.url()}.`)
  const tab: Tab = {
    page,
    report,
    async goto(url) {
      unread.length = 0
      visited.add(url)
      const [snapshot] = await Promise.all([report(), page.goto(url, { waitUntil: 'commit' })])
      return snapshot
    },
    heard: () => all,
    call: (name, ...given) =>
      within(
        page.evaluate(
          ([called, all]) => (window as unknown as { app: App }).app.call(called, ...all),
          [name, given] as const,
        ),
        `${name}() did not settle.`,
      ),
    snapshot: () => page.evaluate(() => (window as unknown as { app: App }).app.snapshot()),
  }
  const hear = (snapshot: Snapshot) => {
    all.push(snapshot)
    unread.push(snapshot)
    wake?.()
  }
  return { tab, hear }
}

/** Fails when something that has to happen does not. */
export async function within<Value>(task: Promise<Value>, otherwise: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(otherwise)), PATIENCE)
  })
  try {
    return await Promise.race([task, late])
  } finally {
    clearTimeout(timer)
  }
}
