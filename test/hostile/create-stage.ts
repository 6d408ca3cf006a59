import type { BrowserContext, Page } from 'playwright-core'
import type { AuthOptions } from 'tessera-auth'
import type { Profile, TestBrowser } from '../browsers/launch-browser.ts'
import type { Observed } from '../browsers/observed.ts'
import type { Pages } from '../browsers/serve-pages.ts'
import type { Call, Snapshot } from './app.ts'
import type { HostileCase } from './define-case.ts'
import { CLIENT_ID, type Issuer } from './provider/create-issuer.ts'
import type { ProviderServer } from './provider/start-provider.ts'
import { watchPage } from './watch-page.ts'
import type { Way } from './ways.ts'

/** What all cases share. */
export interface World {
  readonly browser: TestBrowser
  readonly pages: Pages
  readonly provider: ProviderServer
  /** The honest runs so far, by how they start. */
  readonly twins: Map<string, Promise<void>>
  /** Profiles that are empty, and free to use. */
  readonly free: Slot[]
}

/** A profile with a page. A new one costs six times the sign-in in it, so it is emptied and used again. */
interface Slot {
  readonly profile: Profile
  readonly page: Page
  /** What a page of the app is told when it asks how to start. */
  setup: (page: Page) => unknown
  hear: (page: Page, snapshot: Snapshot) => void
}

/** One run of a case: a user of their own at a provider of their own. */
export interface Stage {
  readonly hostile: boolean
  /** How the app gets to the provider. */
  readonly way: Way
  /** What pages said that are in no tab of the run: windows of a sign-in. */
  readonly others: readonly Snapshot[]
  /** Whether the deadline of the case holds. */
  impatient: boolean
  readonly issuer: Issuer
  /** All providers of this run. */
  readonly issuers: readonly Issuer[]
  /** Where the app is: `http://app.localhost:…`. */
  readonly origin: string
  /** All tabs, in the order they were opened. */
  readonly tabs: readonly Tab[]
  /** The addresses that the test itself opened. */
  readonly visited: Set<string>
  /** What the profile has said since the run began. */
  observed(): Pick<Observed, 'console' | 'errors' | 'violations' | 'requests' | 'addresses'>
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
  shiftClock(milliseconds: number): void
  /** Gives the profile back, empty; or throws it away where something went wrong in it. */
  end(sound: boolean): Promise<void>
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

/** Hostile cases run in Chromium alone, and use all that playwright has to offer there. */
const contextOf = ({ context }: Profile) => context as BrowserContext

async function openSlot({ browser }: World): Promise<Slot> {
  const profile = await browser.newProfile()
  const context = contextOf(profile)
  await context.exposeBinding('__report', ({ page }, snapshot: Snapshot) =>
    slot.hear(page, snapshot),
  )
  await context.exposeBinding('__setup', ({ page }) => slot.setup(page))
  // Each page is watched from its first moment.
  await context.addInitScript(watchPage)
  const slot: Slot = { profile, page: await context.newPage(), setup() {}, hear() {} }
  return slot
}

/** Sets up one run: an empty profile, and a provider. */
export async function createStage(
  world: World,
  each: HostileCase,
  hostile: boolean,
  way: Way = 'redirect',
  patience = PATIENCE,
): Promise<Stage> {
  const { pages, provider, free } = world
  const slot = free.pop() ?? (await openSlot(world))
  const { observed } = slot.profile
  const context = contextOf(slot.profile)
  const before = mapLengths(observed)
  const issuer = provider.addIssuer()
  const issuers = [issuer]
  const origin = pages.origin('app.localhost')
  const tabs: Tab[] = []
  const visited = new Set<string>()
  const heard = new Map<Page, (snapshot: Snapshot) => void>()
  const special = new Map<Page, Partial<AuthOptions>>()
  const others: Snapshot[] = []
  let shift = 0
  const options: AuthOptions = {
    issuer: issuer.url,
    clientId: CLIENT_ID,
    redirectUri: way === 'redirect' ? '/callback' : '/hand-over',
    scope: ['openid', 'profile'],
    ...(way === 'forward' && { persistence: 'memory' }),
    ...each.options?.(issuer),
  }
  slot.hear = (page, snapshot) => {
    const hear = heard.get(page)
    if (hear) hear(snapshot)
    else others.push(snapshot)
  }
  slot.setup = (page) => ({
    options: {
      ...options,
      ...(stage.impatient && each.timeout && { timeout: each.timeout }),
      ...special.get(page),
    },
    request: each.request ?? {},
    mode: hostile ? each.mode : undefined,
    shift,
    way,
    patience: stage.impatient ? patience : PATIENCE,
  })

  const stage: Stage = {
    hostile,
    way,
    others,
    impatient: hostile,
    issuer,
    issuers,
    origin,
    tabs,
    visited,
    observed: () => ({
      console: observed.console.slice(before.console),
      errors: observed.errors.slice(before.errors),
      violations: observed.violations.slice(before.violations),
      requests: observed.requests.slice(before.requests),
      addresses: observed.addresses.slice(before.addresses),
    }),
    addIssuer() {
      const added = provider.addIssuer()
      issuers.push(added)
      return added
    },
    async newTab(more) {
      const page = tabs.length === 0 ? slot.page : await context.newPage()
      if (more) special.set(page, more)
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
    forgetEverything: ({ page }) => forgetOrigin(page, origin),
    shiftClock(milliseconds) {
      shift += milliseconds
    },
    async end(sound) {
      slot.hear = () => {}
      const others = tabs.filter(({ page }) => page !== slot.page)
      await Promise.all(others.map(({ page }) => page.close()))
      if (!sound || slot.page.isClosed()) return slot.profile.close()
      if (slot.page.url().startsWith(origin)) {
        await slot.page.evaluate(() => {
          sessionStorage.clear()
          window.name = ''
        })
      }
      await slot.page.goto('about:blank')
      await forgetOrigin(slot.page, origin)
      await context.clearCookies()
      free.push(slot)
    },
  }
  return stage
}

const mapLengths = ({ console, errors, violations, requests, addresses }: Observed) => ({
  console: console.length,
  errors: errors.length,
  violations: violations.length,
  requests: requests.length,
  addresses: addresses.length,
})

async function forgetOrigin(page: Page, origin: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
  await session.detach()
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
        page.evaluate(([called, all]) => window.app.call(called, ...all), [name, given] as const),
        `${name}() did not settle.`,
      ),
    snapshot: () => page.evaluate(() => window.app.snapshot()),
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
