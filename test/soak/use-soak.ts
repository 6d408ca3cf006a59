import type { BrowserContext, Page as PlaywrightPage } from 'playwright-core'
import type { AuthState } from 'tessera-auth'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { launchBrowser, type Profile, type TestBrowser } from '../browsers/launch-browser.ts'
import type { Page } from '../browsers/page.ts'
import { type Pages, servePages } from '../browsers/serve-pages.ts'
import { appPage, leave, type Outcome, whenStarted } from '../e2e/fixture.ts'
import { createRandom, type Random } from './create-random.ts'
import { type SoakProvider, startProviders, type User } from './start-providers.ts'

/** A caller in a page: when it asks, counted from the expiry of the token or from now, and how. */
export interface Call {
  readonly from: 'now' | 'expiry'
  /** In milliseconds. */
  readonly after: number
  readonly way: 'token' | 'renewal' | 'fetch'
}

/** What became of a {@link Call}. Times are milliseconds since the epoch, by the clock of the page. */
export type Called = Outcome & {
  readonly way: Call['way']
  readonly calledAt: number
  readonly settledAt: number
  /** Whom the page showed as signed in when it called. */
  readonly user: string | undefined
}

declare global {
  var callAll: (plan: readonly Call[]) => Promise<Called[]>
  /** The calls under way. */
  var callsUnderWay: Promise<Called[]>
  /** The states of the client and when they came. */
  var statuses: (AuthState & { readonly at: number })[]
}

/** What a page does for the soak, beside the app of the end-to-end tests. */
const inPage = (api: string) => `
globalThis.statuses = []
auth.subscribe((state) => statuses.push({ ...state, at: Date.now() }))
const make = {
  token: () => auth.getAccessToken(),
  renewal: () => auth.getAccessToken({ forceRenewal: true }),
  fetch: () => auth.fetch('${api}').then(({ status }) => status),
}
globalThis.callAll = (plan) =>
  Promise.all(plan.map(async ({ from, after, way }) => {
    const wait = after + (from === 'expiry' ? auth.state.expiresAt - Date.now() : 0)
    await new Promise((resolve) => setTimeout(resolve, wait))
    const calledAt = Date.now()
    const user = auth.state.user?.sub
    const outcome = await outcomeOf(make[way])
    return { way, calledAt, settledAt: Date.now(), user, ...outcome }
  }))
`

/** A run: a seed, a provider to be against, and tabs of one browser profile in which nobody is signed in. */
export interface Run extends SoakProvider {
  readonly random: Random
  readonly tabs: readonly Page[]
  /** Opens one more tab. */
  readonly open: () => Promise<Page>
}

export interface SoakOptions {
  readonly tabs: number
  /** What the page does before its client starts. */
  readonly script?: string
}

/** Tabs that runs against the same provider use one after the other, because opening ten takes long. */
interface Crew {
  readonly profile: Profile
  tabs: Page[]
}

/** Starts what all runs of a file share; gives the function that begins a run. */
export function useSoak(soak: SoakOptions): (seed: number) => Promise<Run> {
  let pages: Pages
  let browser: TestBrowser
  let providers: SoakProvider[]
  let latest: string
  const crews = new Map<string, Crew>()

  beforeAll(async () => {
    pages = await servePages()
    providers = await startProviders(pages.origin())
    browser = await launchBrowser()
    for (const { name, api, options } of providers) {
      const html = appPage(options)
      const start = 'const starting ='
      const complete = html.replace(start, `${inPage(api)}${soak.script ?? ''}\n${start}`)
      for (const path of [`/${name}`, `/${name}/callback`]) pages.setPage(path, complete)
    }
  })
  afterEach(async ({ task }) => {
    const crew = crews.get(latest)
    const version = (crew?.profile.context as BrowserContext | undefined)?.browser()?.version()
    Object.assign(task.meta, { browser: `${browser.engine.name} ${version}` })
    const errors = crew?.profile.observed.errors ?? []
    if (task.result?.state === 'fail' || errors.length > 0) {
      crews.delete(latest)
      await crew?.profile.close()
    }
    expect(errors).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await Promise.all((providers ?? []).map(({ close }) => close()))
    await pages?.close()
  })
  return async (seed) => {
    const provider = providers[seed % providers.length] as SoakProvider
    latest = provider.name
    provider.setLifetime(600)
    const crew = crews.get(latest) ?? { profile: await browser.newProfile(), tabs: [] }
    crews.set(latest, crew)
    const open = async () => {
      const tab = await crew.profile.newPage()
      await tab.goto(`${pages.origin()}/${provider.name}`)
      await whenStarted(tab)
      return tab
    }
    crew.tabs = crew.tabs.filter((tab) => !(tab as PlaywrightPage).isClosed())
    await crew.tabs[0]?.evaluate(() => auth.signOut({ local: true }))
    const missing = Array.from({ length: soak.tabs - crew.tabs.length }, open)
    crew.tabs.push(...(await Promise.all(missing)))
    await Promise.all(crew.tabs.map(whenSignedOut))
    await provider.road.idle()
    provider.road.reset()
    return {
      ...provider,
      random: createRandom(seed),
      tabs: crew.tabs,
      async open() {
        const tab = await open()
        crew.tabs.push(tab)
        return tab
      },
    }
  }
}

async function whenSignedOut(tab: Page): Promise<void> {
  await whenStatusIs(tab, 'signed-out')
  await tab.evaluate(() => statuses.splice(0))
}

/** Signs a user in, in the first tab, and waits until every tab knows. */
export async function signInEverywhere(run: Run, user: User = 'monika'): Promise<void> {
  await signInAs(run, run.tabs[0] as Page, user)
  await Promise.all(run.tabs.map((tab) => whenStatusIs(tab, 'signed-in')))
}

/** Signs a user in. */
export async function signInAs(run: Run, tab: Page, user: User): Promise<void> {
  // Sign-ins in a row that no user asked for are stopped as a loop.
  await tab.keyboard.press('Shift')
  await leave(tab, { returnTo: tab.url(), ...(await run.expect(user, tab)) })
  await run.enter(tab)
  await whenStarted(tab)
}

/** Sends the callers of a tab on their way. */
export async function begin(tab: Page, plan: readonly Call[]): Promise<void> {
  await tab.evaluate((all) => {
    globalThis.callsUnderWay = callAll(all)
  }, plan)
}

/** What became of the callers of a tab. */
export function finish(tab: Page): Promise<Called[]> {
  return tab.evaluate(() => callsUnderWay)
}

/** Sends callers on their way, and waits for what becomes of them. */
export function ask(tab: Page, plan: readonly Call[]): Promise<Called[]> {
  return tab.evaluate((all) => globalThis.callAll(all), plan)
}

/** When the access token that a tab knows runs out. */
export function expiryOf(tab: Page | undefined): Promise<number> {
  return (tab as Page).evaluate(() => (auth.state as { expiresAt: number }).expiresAt)
}

/** Waits until a point in time, in milliseconds since the epoch. */
export function until(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time - Date.now()))
}

/** Waits for a status by listening: ten tabs that are looked at again and again are busy with that. */
export async function whenStatusIs(tab: Page, wanted: AuthState['status']): Promise<void> {
  const seen = await tab.evaluate(
    (status) =>
      new Promise<AuthState>((resolve) => {
        auth.subscribe((state) => state.status === status && resolve(state))
        setTimeout(() => resolve(auth.state), 15_000)
      }),
    wanted,
  )
  // All of it, because a state that does not come has a reason.
  expect(seen, JSON.stringify(seen)).toMatchObject({ status: wanted })
}

export const statusOf = (tab: Page): Promise<string> => tab.evaluate(() => auth.state.status)

/** Whether the provider still takes a refresh token. Asking uses it up. */
export async function isGood({ road, options }: Run, token = ''): Promise<boolean> {
  const answer = await fetch(road.tokenEndpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: token,
      client_id: options.clientId,
    }),
  })
  return answer.status === 200
}

/** The refresh token that the provider gave last. */
export function lastRefreshToken({ road }: Run): string | undefined {
  return road.exchanges.findLast(({ refreshToken }) => refreshToken)?.refreshToken
}
