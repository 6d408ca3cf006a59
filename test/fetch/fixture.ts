import type { AuthOptions, SignInRequest } from 'tessera-auth'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { launchBrowser, type Profile, type TestBrowser } from '../browsers/launch-browser.ts'
import type { Page } from '../browsers/page.ts'
import { type Pages, servePages } from '../browsers/serve-pages.ts'
import { appPage, signInAgain, whenStarted } from '../e2e/fixture.ts'
import { type FetchProvider, startProvider } from './start-provider.ts'
import { type Recorder, startRecorder } from './start-recorder.ts'

/** What a test file stands on. */
export interface FetchFixture {
  readonly provider: FetchProvider
  readonly pages: Pages
  /** The API, under `/v1/`; also reached under `/own/` of the page's origin. */
  readonly api: Recorder
  /** Another server, which is not listed. */
  readonly other: Recorder
  readonly browser: TestBrowser
  readonly options: AuthOptions
  /** The page `/` from now on. */
  usePage(options?: Partial<AuthOptions>, more?: string): void
  /** Opens the page in a profile of its own, with nobody signed in. */
  open(path?: string): Promise<Page>
  /** Opens the page and signs in. */
  openSignedIn(request?: SignInRequest): Promise<Page>
}

/** What Firefox says of a request that it blocks, as the tests want it to. */
const BROWSERS_OWN = /^(Cross-Origin Request Blocked|Security Error): |: None of the .* hashes /

type Parts = Pick<FetchFixture, 'provider' | 'pages' | 'api' | 'other' | 'browser'>

/**
 * Starts all parts before the tests of a file, and puts them back before each.
 *
 * @param keepsPages whether pages stay open until the last test of the file is over
 */
export function useFetchFixture(keepsPages = false): FetchFixture {
  let parts: Parts | undefined
  const profiles: Profile[] = []
  const part = <Name extends keyof Parts>(name: Name) => (parts as Parts)[name]

  const fixture: FetchFixture = {
    get provider() {
      return part('provider')
    },
    get pages() {
      return part('pages')
    },
    get api() {
      return part('api')
    },
    get other() {
      return part('other')
    },
    get browser() {
      return part('browser')
    },
    get options() {
      return {
        metadata: fixture.provider.metadata,
        clientId: 'fetch-app',
        redirectUri: '/callback',
        resources: [{ url: `${fixture.api.url}/v1/` }, { url: '/own/' }],
      }
    },
    usePage(options, more) {
      fixture.pages.setPage('/', appPage({ ...fixture.options, ...options }, more))
    },
    async open(path = '/') {
      const profile = await fixture.browser.newProfile()
      profiles.push(profile)
      const tab = await profile.newPage()
      await tab.goto(fixture.pages.origin() + path)
      await whenStarted(tab)
      return tab
    },
    async openSignedIn(request = {}) {
      const tab = await fixture.open()
      await signInAgain(tab, request)
      return tab
    },
  }

  beforeAll(async () => {
    const api = await startRecorder()
    parts = {
      api,
      other: await startRecorder(),
      provider: await startProvider(),
      browser: await launchBrowser(),
      pages: await servePages({
        handle(request, response) {
          const isOwn = request.url?.startsWith('/own/') ?? false
          if (isOwn) api.handle(request, response).catch(() => response.destroy())
          return isOwn
        },
      }),
    }
    fixture.usePage()
  })
  beforeEach(() => {
    fixture.provider.reset()
    fixture.api.reset()
    fixture.other.reset()
    fixture.usePage()
  })
  const closeProfiles = async () => {
    const errors = profiles
      .flatMap(({ observed }) => observed.errors)
      .filter((error) => !BROWSERS_OWN.test(error))
    await Promise.all(profiles.splice(0).map((profile) => profile.close()))
    expect(errors).toEqual([])
  }
  if (!keepsPages) afterEach(closeProfiles)
  afterAll(async () => {
    await closeProfiles()
    await parts?.browser.close()
    await parts?.pages.close()
    await parts?.provider.close()
    await parts?.api.close()
    await parts?.other.close()
  })
  return fixture
}
