import type { Auth, AuthOptions, AuthState, SignInRequest, StartResult } from 'tessera-auth'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { type Bank, startBank } from '../../demo/bank/start-bank.mjs'
import { startTenant, type Tenant } from '../../demo/tenant/start-tenant.mjs'
import { TENANT_SWITCHES } from '../../demo/tenant/switches.mjs'
import { currentEngine, type Engine } from '../browsers/engines.ts'
import { launchBrowser, type Profile, type TestBrowser } from '../browsers/launch-browser.ts'
import type { Page } from '../browsers/page.ts'
import { type Pages, type PagesOptions, page, servePages } from '../browsers/serve-pages.ts'
import type { AtTenant } from '../browsers/sign-in-at-tenant.ts'
import { submitSignIn } from '../browsers/submit-sign-in.ts'

/** What a call came to, in a form that crosses from the page to the test. */
export type Outcome =
  | { readonly value: unknown }
  | {
      readonly error: {
        readonly name: string
        readonly code?: string
        readonly message: string
        readonly hint?: string
        readonly retryable?: boolean
        readonly providerError?: string
        readonly status?: number
        readonly offset?: number
        readonly request?: SignInRequest
      }
    }

/** What the page of {@link appPage} has to offer. */
declare global {
  var auth: Auth
  var createClient: (more?: Partial<AuthOptions>) => Auth
  /** What `auth.start()` resolved with, once it has. */
  var started: StartResult | undefined
  /** Each state that the client went through. */
  var states: AuthState[]
  /** `location.href` right after `auth.start()` was called, before anything was waited for. */
  var scrubbed: string
  var outcomeOf: (task: Promise<unknown> | (() => unknown)) => Promise<Outcome>
  var isLeaving: boolean | undefined
}

/**
 * An app of one page: makes a client, starts it, and leaves the rest to the test.
 *
 * @param more runs once it has started, in an async function
 * @param imports what `more` needs besides. Not by `import()`: a page that is left meanwhile fails then
 */
export function appPage(options: object, more = '', imports = ''): string {
  return page(`import { createAuth } from 'tessera-auth'
${imports}
const options = ${JSON.stringify(options)}
globalThis.createClient = (more) => createAuth({ ...options, ...more })
globalThis.outcomeOf = async (task) => {
  try {
    return { value: await (typeof task === 'function' ? task() : task) }
  } catch (error) {
    return { error: { ...error, name: error.name, message: error.message } }
  }
}
globalThis.states = []
globalThis.auth = createClient()
auth.subscribe((state) => states.push(state))
const starting = auth.start()
globalThis.scrubbed = location.href
// Not awaited by the module itself: WebKit goes round in its own evaluation of a module for ever, if
// the page is left while one waits.
const go = async () => {
  globalThis.started = await starting
  ${more}
}
go()
`)
}

/** What a test file stands on: a tenant, a bank, a server for pages, and a browser. */
export interface Fixture {
  readonly tenant: Tenant
  readonly bank: Bank
  readonly pages: Pages
  readonly browser: TestBrowser
  /** The origin of the app. */
  readonly origin: string
  /** Options of the app `taxefile` at the tenant. */
  readonly options: AuthOptions
  /** A user of their own, whose profile is closed after the test. */
  newProfile(): Promise<Profile>
  /** Opens a page of the app in a profile of its own, or in another tab of one. */
  open(path?: string, profile?: Profile): Promise<Page>
}

/** Starts all parts before the tests of a file, and puts them back to their defaults before each. */
export function useFixture(
  pagesOptions: PagesOptions = {},
  engine: Engine = currentEngine(),
): Fixture {
  let profiles: Profile[] = []
  const parts: { -readonly [Part in 'tenant' | 'bank' | 'pages' | 'browser']?: Fixture[Part] } = {}
  const part = <Name extends keyof typeof parts>(name: Name) =>
    parts[name] as NonNullable<(typeof parts)[Name]>

  const fixture: Fixture = {
    get tenant() {
      return part('tenant')
    },
    get bank() {
      return part('bank')
    },
    get pages() {
      return part('pages')
    },
    get browser() {
      return part('browser')
    },
    get origin() {
      return fixture.pages.origin()
    },
    get options() {
      return optionsOf(fixture)
    },
    async newProfile() {
      const profile = await fixture.browser.newProfile()
      profiles.push(profile)
      return profile
    },
    async open(path = '/', profile) {
      const tab = await (profile ?? (await fixture.newProfile())).newPage()
      await tab.goto(fixture.origin + path)
      await whenStarted(tab)
      return tab
    },
  }

  beforeAll(async () => {
    parts.pages = await servePages(pagesOptions)
    parts.tenant = await startTenant({
      redirectUris: [`${fixture.origin}/callback`],
      postLogoutRedirectUris: [`${fixture.origin}/`],
    })
    const { issuer, clientId, metadata } = fixture.tenant.apps.taxefile
    parts.bank = await startBank({
      issuer,
      audience: clientId,
      jwksUri: metadata.jwks_uri,
      allowedOrigins: [fixture.origin],
    })
    parts.browser = await launchBrowser(engine)
  })
  beforeEach(() => {
    fixture.tenant.set(DEFAULTS)
    fixture.tenant.endSessions()
    fixture.tenant.forgetConsents()
    fixture.tenant.clearLog()
    fixture.bank.set({ answer: 'normal', challenge: 'exposed', latency: 0, stepUp: null })
    fixture.bank.clearLog()
    fixture.pages.setPolicy(undefined)
    fixture.pages.resetPages()
    fixture.pages.setPage('/', appPage(fixture.options))
  })
  afterEach(async () => {
    const errors = profiles.flatMap(({ observed }) => observed.errors)
    await Promise.all(profiles.map((profile) => profile.close()))
    profiles = []
    // True after every case, good or bad.
    expect(errors.filter((text) => !REMARKS_OF_FIREFOX.test(text))).toEqual([])
  })
  afterAll(async () => {
    await parts.browser?.close()
    await parts.bank?.stop()
    await parts.tenant?.stop()
    await parts.pages?.close()
  })
  return fixture
}

/**
 * What Firefox calls an error and is its own refusal, as it should be: an answer without CORS, and our
 * cookie in a frame of another site, of which it tells now before a test is over and now after.
 */
const REMARKS_OF_FIREFOX =
  /^Cross-Origin Request Blocked|^: Cookie “tessera-auth” has been rejected because it is in a cross-site context/

const DEFAULTS = Object.fromEntries(
  Object.entries(TENANT_SWITCHES).map(([name, { default: value }]) => [name, value]),
)

function optionsOf({ tenant, bank }: Fixture): AuthOptions {
  const { issuer, clientId } = tenant.apps.taxefile
  return {
    issuer,
    clientId,
    redirectUri: '/callback',
    scope: ['openid', 'profile'],
    resources: [{ url: `${bank.url}/api/`, scope: ['accounts.read'] }],
  }
}

/** Waits until the client of a page has started. */
export async function whenStarted(tab: Page): Promise<void> {
  await tab.waitForFunction(() => globalThis.started && !globalThis.isLeaving)
}

/** Sends the user to the tenant, by the page's own client. */
export async function leave(tab: Page, request: SignInRequest = {}): Promise<void> {
  await tab.evaluate((given) => {
    globalThis.isLeaving = true
    void auth.signIn(given)
  }, request)
}

/** Signs in from a page of the app to where it is back and has started again. */
export async function signIn(
  tab: Page,
  { origin }: Pick<Fixture, 'origin'>,
  request: SignInRequest = {},
  atTenant: AtTenant = {},
): Promise<void> {
  await leave(tab, request)
  await submitSignIn(tab, origin, atTenant)
  await whenStarted(tab)
}

/** Signs in where the tenant knows the user already, and sends her straight back. */
export async function signInAgain(tab: Page, request: SignInRequest = {}): Promise<void> {
  await leave(tab, request)
  await whenStarted(tab)
}

/** The state of the page's client, with its errors as plain objects. */
export function stateOf(tab: Page): Promise<Record<string, unknown>> {
  return tab.evaluate(() => {
    const plain = (value: unknown) =>
      value instanceof Error ? { ...value, name: value.name, message: value.message } : value
    return Object.fromEntries(
      Object.entries(auth.state).map(([name, value]) => [name, plain(value)]),
    )
  })
}

/** Requests to an endpoint of the tenant, `Token` or `Authorize` say. */
export function requestsTo({ log }: Tenant, endpoint: string) {
  return log.filter(({ method, path }) => {
    return (
      method !== 'OPTIONS' && path.toLowerCase().startsWith(`/oauth2/${endpoint}/`.toLowerCase())
    )
  })
}
