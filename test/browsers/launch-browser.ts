import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type CookieSetting,
  currentEngine,
  type Engine,
  type EngineBrowser,
  type EngineProfile,
  type ProfileOptions,
} from './engines.ts'
import type { Page } from './page.ts'

export interface TestBrowser {
  readonly engine: Engine
  /** A user of their own: cookies, storage and caches start empty and are shared by its pages. */
  newProfile(options?: ProfileOptions): Promise<Profile>
  close(): Promise<void>
}

export interface Profile extends EngineProfile {
  newPage(): Promise<Page>
  close(): Promise<void>
}

/** A profile on disk: what a person has who quits the browser and starts it again. */
export interface PersistentProfile {
  /** Where it is. */
  readonly folder: string
  /**
   * Starts the browser. Close the profile it gives before the next start.
   *
   * @param cookies Default as the browser has it.
   */
  start(cookies?: CookieSetting): Promise<Profile>
  remove(): Promise<void>
}

/**
 * A browser for a test file, and a profile in it per test. Where one browser does for several files it
 * is started by the first of them and ends with the process: vitest runs the files of a project in
 * one.
 */
export async function launchBrowser(engine: Engine = currentEngine()): Promise<TestBrowser> {
  const shared = engine.isShared ? await shareBrowser(engine) : undefined
  const browser = shared?.browser ?? (await engine.launch())
  const profiles: Profile[] = []
  return {
    engine,
    async newProfile(options) {
      const profile = profileOf(await browser.newProfile(options))
      if (shared) shared.profiles += 1
      profiles.push(profile)
      return profile
    },
    async close() {
      if (!engine.isShared) return browser.close()
      await Promise.all(profiles.map((profile) => profile.close()))
    },
  }
}

interface SharedBrowser {
  readonly browser: EngineBrowser
  /** How many were made in it. */
  profiles: number
}

/** Firefox keeps something of each profile: after three hundred it had 3.7 GB, and was busy with that. */
const MOST_PROFILES = 40

const RUNNING = Symbol.for('tessera-auth: browsers of the tests')
const ofProcess = globalThis as { [RUNNING]?: Map<string, SharedBrowser> }

/** Of the process, since each file has modules of its own. */
async function shareBrowser(engine: Engine): Promise<SharedBrowser> {
  ofProcess[RUNNING] ??= new Map()
  const known = ofProcess[RUNNING].get(engine.name)
  if (known?.browser.isRunning()) {
    if (known.profiles < MOST_PROFILES) return known
    await known.browser.close()
  }
  const started = { browser: await engine.launch(), profiles: 0 }
  ofProcess[RUNNING].set(engine.name, started)
  return started
}

/** Makes a profile that outlives the browser. */
export async function createPersistentProfile(
  engine: Engine = currentEngine(),
): Promise<PersistentProfile> {
  const folder = await mkdtemp(join(tmpdir(), `tessera-${engine.name}-`))
  return {
    folder,
    async start(cookies) {
      return profileOf(await engine.launchPersistent(folder, cookies))
    },
    async remove() {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function profileOf({ context, observed }: EngineProfile): Profile {
  return {
    context,
    observed,
    newPage: () => context.newPage(),
    close: () => context.close(),
  }
}
