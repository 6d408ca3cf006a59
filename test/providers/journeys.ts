import type { BrowserContext, Page } from 'playwright-core'
import type { SignInRequest } from 'tessera-auth'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, type TestBrowser } from '../browsers/launch-browser.ts'
import type { Pages } from '../browsers/serve-pages.ts'
import { appPages, type CapabilityName } from './app.ts'
import type { AtProvider, Feature, ForeignProvider, Installation } from './foreign-provider.ts'
import { noteHabits } from './note-habits.ts'
import { startResourceServer } from './start-resource-server.ts'
import { type Wire, watchWire } from './watch-wire.ts'

/** A user in a browser of her own, before an installation of a provider. */
interface Stage {
  readonly context: BrowserContext
  readonly tab: Page
  readonly wire: Wire
  readonly origin: string
  open(): Promise<Page>
}

/** Runs every journey that an installation has the features for, with the built package. */
export function testJourneys(provider: ForeignProvider, pages: Pages): void {
  const origin = pages.origin()
  const closing: (() => Promise<unknown>)[] = []
  let browser: TestBrowser

  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })
  afterAll(async () => {
    await browser?.close()
    await provider.stop()
    await pages.close()
  })

  async function enter(
    { options, features }: Installation,
    more: { readonly silent?: boolean; readonly clientId?: string; readonly api?: string } = {},
  ): Promise<Stage> {
    const capabilities: CapabilityName[] = [
      ...(['dpop', 'par'] as const).filter((name) => features.has(name)),
      ...(more.silent ? (['silent'] as const) : []),
    ]
    const { home, callback } = appPages(
      {
        ...options,
        clientId: more.clientId ?? options.clientId,
        redirectUri: '/callback',
        postLogoutRedirectUri: '/',
        resources: more.api ? [{ url: more.api }] : [],
      },
      capabilities,
    )
    pages.setPage('/', home)
    pages.setPage('/callback', callback)
    const profile = await browser.newProfile()
    closing.push(profile.close)
    // Chromium alone runs these, and has all that playwright offers.
    const context = profile.context as BrowserContext
    const wire = await watchWire(context)
    const open = async () => {
      const tab = await context.newPage()
      await tab.goto(`${origin}/`)
      await whenStarted(tab)
      return tab
    }
    return { context, tab: await open(), wire, origin, open }
  }

  async function signIn(
    { tab }: Stage,
    installation: Installation,
    request: SignInRequest = {},
    at: AtProvider = {},
  ): Promise<void> {
    await leave(tab, { ...installation.request, ...request })
    await provider.signIn(tab, origin, at)
  }

  const journeys: readonly Journey[] = [
    {
      name: 'signs in, in every tab, and survives a reload',
      async run(installation) {
        const stage = await enter(installation)
        await signIn(stage, installation)
        await whenStarted(stage.tab)
        const state = await stateOf(stage.tab)
        expect(state).toMatchObject({ status: 'signed-in', error: null, renewal: 'idle' })
        expect(state.user).toMatchObject({ iss: installation.options.issuer })
        expect(stage.tab.url()).toBe(`${origin}/`)
        const asked = stage.wire.requests.length
        const second = await stage.open()
        await stage.tab.reload()
        await whenStarted(stage.tab)
        for (const tab of [second, stage.tab]) {
          expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', user: state.user })
        }
        expect(stage.wire.requests.slice(asked)).toEqual([])
        await noteHabits(provider.name, installation, stage.wire)
      },
    },
    {
      name: 'userInfo() reads about the user',
      async run(installation) {
        const stage = await enter(installation)
        await signIn(stage, installation)
        await whenStarted(stage.tab)
        const { user } = await stateOf(stage.tab)
        expect(await call(stage.tab, () => auth.userInfo())).toMatchObject({
          value: { sub: (user as { sub: string }).sub },
        })
      },
    },
    {
      name: 'auth.fetch() is let in by Apache’s mod_oauth2',
      needs: ['jwt'],
      async run(installation) {
        const scheme = installation.features.has('dpop') ? 'DPoP' : 'Bearer'
        const api = await startResourceServer(installation.keys, scheme)
        closing.push(api.stop)
        const stage = await enter(installation, { api: api.url })
        await signIn(stage, installation)
        await whenStarted(stage.tab)
        for (const query of ['', '?page=2']) {
          const answer = await stage.tab.evaluate(
            (url) => outcome(async () => (await auth.fetch(url)).json()),
            `${api.url}accounts.json${query}`,
          )
          expect(answer, api.output()).toEqual({ value: { accounts: ['current'] } })
        }
      },
    },
    {
      name: 'renews by the refresh token, twice',
      needs: ['refresh'],
      async run(installation) {
        const stage = await enter(installation)
        await signIn(stage, installation)
        await whenStarted(stage.tab)
        const tokens = [await call(stage.tab, () => auth.getAccessToken())]
        for (let times = 0; times < 2; times += 1) {
          tokens.push(await call(stage.tab, () => auth.getAccessToken({ forceRenewal: true })))
        }
        expect(tokens.map(({ value, code }) => code ?? typeof value)).toEqual(
          tokens.map(() => 'string'),
        )
        expect(new Set(tokens.map(({ value }) => value)).size).toBe(3)
        expect(await stateOf(stage.tab)).toMatchObject({ status: 'signed-in', error: null })
        await noteHabits(provider.name, installation, stage.wire)
      },
    },
    {
      name: 'asks for the user when the provider knows its refresh token no more',
      needs: ['refresh'],
      async run(installation) {
        const stage = await enter(installation)
        await signIn(stage, installation)
        await whenStarted(stage.tab)
        // What the provider answers is its own; that the token is another is what time would do.
        await stage.context.route(/token/, (route) =>
          route.continue({
            postData: (route.request().postData() ?? '').replace(
              /(?<=refresh_token=)[\w.-]+(?=&|$)/,
              'forgotten',
            ),
          }),
        )
        // A refusal without a reason is believed when it comes again and again.
        await expect
          .poll(
            async () => {
              const renewing = () => auth.getAccessToken({ forceRenewal: true })
              return (await call(stage.tab, renewing)).code
            },
            { timeout: 45_000, interval: 500 },
          )
          .toMatch(/^(interaction_required|session_expired)$/)
      },
    },
    {
      name: 'signs in within a window',
      async run(installation) {
        const stage = await enter(installation)
        const opening = stage.context.waitForEvent('page')
        await stage.tab.evaluate((given) => {
          globalThis.request = given
        }, installation.request ?? {})
        await stage.tab.click('#popup')
        const opened = await opening
        await provider.signIn(opened, origin).catch((error: unknown) => {
          // The window closes itself as soon as it is back, before one could look at it there.
          if (!opened.isClosed()) throw error
        })
        expect(await stage.tab.evaluate(() => done)).toEqual({})
        expect(await stateOf(stage.tab)).toMatchObject({ status: 'signed-in', error: null })
      },
    },
    {
      name: 'renews in a hidden frame',
      needs: ['silent'],
      async run(installation) {
        const stage = await enter(installation, { silent: true })
        await signIn(stage, installation)
        await whenStarted(stage.tab)
        const before = await call(stage.tab, () => auth.getAccessToken())
        const after = await call(stage.tab, () => auth.getAccessToken({ forceRenewal: true }))
        expect(after).toEqual({ value: expect.any(String) })
        expect(after).not.toEqual(before)
        expect(await stage.tab.locator('iframe').count()).toBe(0)
      },
    },
    {
      name: 'keeps the session when the hidden frame cannot renew',
      needs: ['silent'],
      async run(installation) {
        const stage = await enter(installation, { silent: true })
        await signIn(stage, installation)
        await whenStarted(stage.tab)
        // Those of the provider: the app has one too, which ends its session with the browser's.
        await stage.context.clearCookies({ name: /^(GLEWLWYD2|session_|lemonldap)/ })
        const { code } = await call(stage.tab, () => auth.getAccessToken({ forceRenewal: true }))
        expect(code).toBe('interaction_required')
        expect(await stateOf(stage.tab)).toMatchObject({ status: 'signed-in' })
      },
    },
    {
      name: 'signs out at the provider and comes back',
      needs: ['end-session'],
      async run(installation) {
        const stage = await enter(installation)
        await signIn(stage, installation)
        await whenStarted(stage.tab)
        const left = stage.tab.waitForEvent('framenavigated')
        await stage.tab.evaluate(() => void auth.signOut())
        await left
        await provider.signOut(stage.tab, origin)
        await whenStarted(stage.tab)
        expect(await stateOf(stage.tab)).toMatchObject({ status: 'signed-out', error: null })
        // Nobody is known there any more: the next sign-in sees the provider's pages again.
        await signIn(stage, installation)
        await whenStarted(stage.tab)
        expect(await stateOf(stage.tab)).toMatchObject({ status: 'signed-in' })
      },
    },
    {
      name: 'says that the user refused',
      needs: ['deny'],
      async run(installation) {
        const stage = await enter(installation)
        // They remember what was granted before, and would not ask again.
        await signIn(stage, installation, { prompt: 'consent' }, { decision: 'deny' })
        await stage.tab.waitForFunction(() => document.title === 'failed')
        expect(await stateOf(stage.tab)).toMatchObject({
          status: 'signed-out',
          reason: 'sign-in-failed',
          error: { code: expect.stringMatching(/^(authorization_error|interaction_required)$/) },
        })
      },
    },
    {
      name: 'is of use again after a client that the provider does not know',
      async run(installation) {
        const stage = await enter(installation, { clientId: 'nobody' })
        // Some say so on a page, and some by a status without a page, which is an error to a browser.
        await leave(stage.tab).catch(() => {})
        if (stage.tab.url().startsWith(origin)) {
          const outcome = await stage.tab.evaluate(() => done)
          expect(outcome?.code).toMatch(/^token_(request_refused|response_invalid)$/)
        } else {
          await stage.tab.goBack()
          await whenStarted(stage.tab)
        }
        await stage.tab.waitForFunction(() => auth.state.status === 'signed-out')
      },
    },
  ]

  for (const installation of provider.installations) {
    describe(`${provider.name}, ${installation.name}`, () => {
      for (const { name, needs = [], run } of journeys) {
        if (needs.every((need) => installation.features.has(need))) {
          test(name, () => run(installation))
        }
      }
    })
  }
}

interface Journey {
  readonly name: string
  readonly needs?: readonly Feature[]
  readonly run: (installation: Installation) => Promise<void>
}

async function whenStarted(tab: Page): Promise<void> {
  await tab.waitForFunction(() => document.title === 'started')
}

async function leave(tab: Page, request: SignInRequest = {}): Promise<void> {
  await tab.evaluate((given) => {
    globalThis.request = given
  }, request)
  // Before the click: the page may have left when that is through.
  const here = new URL(tab.url()).origin
  await tab.click('#redirect')
  // Where it leaves, there is nothing more to be had of it.
  const refused = tab.evaluate(() => done).catch(() => new Promise<never>(() => {}))
  await Promise.race([tab.waitForURL((url) => url.origin !== here), refused])
}

/** Runs a function in the page; what it throws comes back as a value. */
function call(tab: Page, task: () => Promise<unknown>) {
  return tab.evaluate(`outcome(${task})`) as Promise<{
    readonly value?: unknown
    readonly code?: string
  }>
}

function stateOf(tab: Page): Promise<Record<string, unknown>> {
  return tab.evaluate(() => {
    const plain = (value: unknown) =>
      value instanceof Error ? { ...value, message: value.message } : value
    return Object.fromEntries(
      Object.entries(auth.state).map(([name, value]) => [name, plain(value)]),
    )
  })
}
