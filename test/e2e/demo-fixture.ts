import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { type DemoOptions, startDemo } from '../../demo/start-demo.mjs'
import type { Tenant } from '../../demo/tenant/start-tenant.mjs'
import { TENANT_SWITCHES } from '../../demo/tenant/switches.mjs'
import { launchBrowser, type Profile, type TestBrowser } from '../browsers/launch-browser.ts'
import type { Page } from '../browsers/page.ts'
import { type AtTenant, signInAtTenant } from '../browsers/sign-in-at-tenant.ts'

type Demo = Awaited<ReturnType<typeof startDemo>>

/** The demo and a browser. */
export interface DemoFixture {
  readonly demo: Demo
  readonly tenant: Tenant
  readonly browser: TestBrowser
  /** A user of their own, whose profile is closed after the test. */
  newProfile(options?: Parameters<TestBrowser['newProfile']>[0]): Promise<Profile>
  /** Opens Tax eFile in a profile of its own, or in another tab of one. */
  open(path?: string, profile?: Profile): Promise<Page>
}

const DEFAULTS = Object.fromEntries(
  Object.entries(TENANT_SWITCHES).map(([name, { default: value }]) => [name, value]),
)

/** Starts the demo before the tests of a file, and puts its switches back before each. */
export function useDemo(options: DemoOptions = {}): DemoFixture {
  let demo: Demo | undefined
  let browser: TestBrowser | undefined
  let profiles: Profile[] = []
  const fixture: DemoFixture = {
    get demo() {
      return demo as Demo
    },
    get tenant() {
      return demo?.tenant as Tenant
    },
    get browser() {
      return browser as TestBrowser
    },
    async newProfile(profileOptions) {
      const profile = await fixture.browser.newProfile(profileOptions)
      profiles.push(profile)
      return profile
    },
    async open(path = '/', profile) {
      const tab = await (profile ?? (await fixture.newProfile())).newPage()
      await tab.goto(fixture.demo.appUrl + path)
      await tab.locator('h1').waitFor()
      return tab
    },
  }
  beforeAll(async () => {
    demo = await startDemo(options)
    browser = await launchBrowser()
  })
  beforeEach(() => {
    fixture.tenant.set(DEFAULTS)
    fixture.tenant.endSessions()
    fixture.tenant.forgetConsents()
    fixture.tenant.clearLog()
    fixture.demo.bank.set({ answer: 'normal', challenge: 'exposed', latency: 0, stepUp: null })
    fixture.demo.bank.reset()
    fixture.demo.bank.clearLog()
  })
  afterEach(async () => {
    const observed = profiles.map((profile) => profile.observed)
    await Promise.all(profiles.map((profile) => profile.close()))
    profiles = []
    // That Firefox calls a refusal by CORS an error is its affair.
    const errors = observed.flatMap((each) => each.errors)
    expect(errors.filter((text) => !text.startsWith('Cross-Origin Request Blocked'))).toEqual([])
    // Firefox asks for the favicon of pages that name none, and the tenant's policy refuses it.
    const violations = observed.flatMap((each) => each.violations)
    expect(violations.filter((text) => !text.includes('/favicon.ico'))).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await demo?.stop()
  })
  return fixture
}

/** Signs in from the landing page of Tax eFile. */
export async function signInToDemo(tab: Page, { demo }: DemoFixture, atTenant: AtTenant = {}) {
  await tab.getByRole('button', { name: 'Sign in with CyberArk Identity' }).click()
  await signInAtTenant(tab, demo.appUrl, atTenant)
}

/** The heading of the page. */
export function heading(tab: Page) {
  return tab.getByRole('heading', { level: 1 })
}

/** What the timeline says, oldest first. */
export async function timelineOf(tab: Page): Promise<string[]> {
  return tab.locator('.event-title').allTextContents()
}
