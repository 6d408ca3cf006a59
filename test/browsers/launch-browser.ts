import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  currentEngine,
  type Engine,
  type EngineBrowser,
  type EngineProfile,
  type ProfileOptions,
  type ThirdPartyCookies,
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
   * @param cookies Whether other sites get their cookies in a frame. Default as the browser has it.
   */
  start(cookies?: ThirdPartyCookies): Promise<Profile>
  remove(): Promise<void>
}

/**
 * A browser for a test file, and a profile in it per test. Where one browser does for all files of a
 * run it is started by the first of them and ends with the process: vitest runs the files of a
 * project in one.
 */
export async function launchBrowser(engine: Engine = currentEngine()): Promise<TestBrowser> {
  const browser = engine.isShared ? await shareBrowser(engine) : await engine.launch()
  const profiles: Profile[] = []
  return {
    engine,
    async newProfile(options) {
      const profile = profileOf(await browser.newProfile(options))
      profiles.push(profile)
      return profile
    },
    async close() {
      if (!engine.isShared) return browser.close()
      await Promise.all(profiles.map((profile) => profile.close()))
    },
  }
}

const RUNNING = Symbol.for('tessera-auth: browsers of the tests')
const shared = globalThis as { [RUNNING]?: Map<string, Promise<EngineBrowser>> }

/** Of the process, since each file has modules of its own. */
async function shareBrowser(engine: Engine): Promise<EngineBrowser> {
  shared[RUNNING] ??= new Map()
  const known = shared[RUNNING].get(engine.name)
  const running = await known?.catch(() => undefined)
  if (running?.isRunning()) return running
  const started = engine.launch()
  shared[RUNNING].set(engine.name, started)
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
