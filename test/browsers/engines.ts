import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type BrowserContext,
  type BrowserType,
  chromium,
  firefox,
  type LaunchOptions,
} from 'playwright-core'
import { findBrowser, findShell, playwrightsOwn } from './find-browser.mjs'
import { findWebKit } from './find-webkit.mjs'
import { type Observed, observe } from './observed.ts'
import type { Context } from './page.ts'
import { launchWebKit, type WebKitPaths } from './webkit/launch-webkit.ts'

/** What drives a browser. A further engine is one more member of {@link ENGINES}. */
export interface Engine {
  readonly name: EngineName
  /** Whether one browser does for all files of a run: a start takes seconds. */
  readonly isShared: boolean
  launch(): Promise<EngineBrowser>
  /**
   * A browser that keeps its profile in a folder, so that it can be closed and opened again.
   *
   * @param cookies Default as the browser has it.
   */
  launchPersistent(folder: string, cookies?: CookieSetting): Promise<EngineProfile>
}

export interface EngineBrowser {
  /** Whether it is there: a browser may crash. */
  isRunning(): boolean
  newProfile(options?: ProfileOptions): Promise<EngineProfile>
  close(): Promise<void>
}

export interface EngineProfile {
  readonly context: Context
  readonly observed: Observed
}

export interface ProfileOptions {
  readonly colorScheme?: 'light' | 'dark'
  readonly viewport?: { readonly width: number; readonly height: number }
}

/** Whether other sites get their cookies in a frame; with `none` no site may keep anything at all. */
export type CookieSetting = 'allowed' | 'blocked' | 'none'

export type EngineName = 'chromium' | 'firefox' | 'webkit'

/** A step that takes longer than this has failed. */
const STEP = 15_000

const CHROMIUM_ARGS = [
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-domain-reliability',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1',
]

/** Nothing leaves the machine: all but loopback goes to a proxy that is not there. */
const FIREFOX_PREFS = {
  'fission.bfcacheInParent': false,
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': 9,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': 9,
  'network.proxy.no_proxies_on': 'localhost, .localhost, 127.0.0.1',
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
}

function pathOf(name: 'chromium' | 'firefox'): string {
  const path = findBrowser(name)
  if (path) return path
  throw new Error(`No ${name} was found: run \`npm test\` once, which installs it.`)
}

function webkitPaths(): WebKitPaths {
  const { driver, browser, display } = findWebKit()
  if (driver && browser && display) return { driver, browser, display }
  throw new Error('No WebKitGTK was found: run `npm test` once, which installs it.')
}

/** Which browser: without `inWindows` the one that has none, where there is such a one. */
interface WhichBrowser {
  readonly inWindows?: boolean
}

function chromiumOptions({ inWindows = false }: WhichBrowser = {}): LaunchOptions {
  const asRoot = process.getuid?.() === 0
  const shell = inWindows ? undefined : findShell()
  return {
    executablePath: shell ?? pathOf('chromium'),
    chromiumSandbox: !asRoot,
    args: CHROMIUM_ARGS,
  }
}

function firefoxOptions(): LaunchOptions {
  const executablePath = pathOf('firefox')
  const stock = executablePath !== playwrightsOwn('firefox')
  return {
    executablePath,
    firefoxUserPrefs: FIREFOX_PREFS,
    ...(stock && { channel: 'moz-firefox' }),
  }
}

export const ENGINES: Readonly<Record<EngineName, Engine>> = {
  chromium: byPlaywright('chromium', chromium, chromiumOptions),
  firefox: byPlaywright('firefox', firefox, firefoxOptions),
  webkit: {
    name: 'webkit',
    isShared: false,
    launch: () => launchWebKit(webkitPaths()),
    async launchPersistent() {
      throw new Error('WebKitGTK keeps nothing on disk while it is driven.')
    },
  },
}

function byPlaywright(
  name: 'chromium' | 'firefox',
  type: BrowserType,
  optionsOf: (which?: WhichBrowser) => LaunchOptions,
  isShared = true,
): Engine {
  const profileOf = (context: BrowserContext): EngineProfile => {
    context.setDefaultTimeout(STEP)
    return { context, observed: observe(context) }
  }
  return {
    name,
    isShared,
    async launch() {
      const browser = await type.launch(optionsOf())
      return {
        isRunning: () => browser.isConnected(),
        newProfile: async (options) => profileOf(await browser.newContext(options)),
        close: () => browser.close(),
      }
    },
    async launchPersistent(folder, cookies) {
      // Settings of a profile are a matter of its windows.
      const options = optionsOf({ inWindows: true })
      if (cookies && name === 'chromium') await writeChromiumPreferences(folder, cookies)
      const prefs = cookies && {
        'network.cookie.cookieBehavior': { allowed: 0, blocked: 1, none: 2 }[cookies],
      }
      return profileOf(
        await type.launchPersistentContext(folder, {
          ...options,
          ...(name === 'firefox' && {
            firefoxUserPrefs: { ...options.firefoxUserPrefs, ...prefs },
          }),
        }),
      )
    },
  }
}

/**
 * The engine this run is about, with its back/forward cache: playwright switches that of Chromium
 * off, because a page out of the cache makes no request to be intercepted.
 */
export function withBackForwardCache(): Engine {
  const engine = currentEngine()
  if (engine.name !== 'chromium') return engine
  const ignoreDefaultArgs = ['--disable-back-forward-cache']
  const options = { ...chromiumOptions({ inWindows: true }), ignoreDefaultArgs }
  return byPlaywright('chromium', chromium, () => options, false)
}

/** Chromium reads what it is told about cookies from the profile alone. */
async function writeChromiumPreferences(folder: string, cookies: CookieSetting) {
  const blocked = cookies === 'blocked'
  const profile = {
    cookie_controls_mode: blocked ? 1 : 0,
    block_third_party_cookies: blocked,
    ...(cookies === 'none' && { default_content_setting_values: { cookies: 2 } }),
  }
  await mkdir(join(folder, 'Default'), { recursive: true })
  await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify({ profile }))
}

function isEngineName(name: string): name is EngineName {
  return Object.hasOwn(ENGINES, name)
}

/** The engine this run is about, from `TESSERA_ENGINE`. */
export function currentEngine(): Engine {
  const name = process.env.TESSERA_ENGINE ?? 'chromium'
  if (isEngineName(name)) return ENGINES[name]
  throw new Error(`TESSERA_ENGINE is ${name}; known are ${Object.keys(ENGINES).join(', ')}.`)
}
