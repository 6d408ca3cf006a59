import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  currentEngine,
  type Engine,
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

/** Starts a browser. Takes seconds: once per test file, and a profile per test. */
export async function launchBrowser(engine: Engine = currentEngine()): Promise<TestBrowser> {
  const browser = await engine.launch()
  return {
    engine,
    async newProfile(options) {
      return profileOf(await browser.newProfile(options))
    },
    async close() {
      await browser.close()
    },
  }
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
