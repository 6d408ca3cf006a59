import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { currentEngine, type Engine } from './engines.ts'
import { type Observed, observe } from './observed.ts'

export interface TestBrowser {
  readonly engine: Engine
  /** A user of their own: cookies, storage and caches start empty and are shared by its pages. */
  newProfile(options?: BrowserContextOptions): Promise<Profile>
  close(): Promise<void>
}

export interface Profile {
  readonly context: BrowserContext
  readonly observed: Observed
  newPage(): Promise<Page>
  close(): Promise<void>
}

/** A profile on disk: what a person has who quits the browser and starts it again. */
export interface PersistentProfile {
  /** Starts the browser. Close the profile it gives before the next start. */
  start(): Promise<Profile>
  remove(): Promise<void>
}

/** A step that takes longer than this has failed. */
const STEP = 15_000

/** Starts a browser. Takes seconds: once per test file, and a profile per test. */
export async function launchBrowser(engine: Engine = currentEngine()): Promise<TestBrowser> {
  const browser = await engine.launch()
  return {
    engine,
    async newProfile(options) {
      return profileOf(await browser.newContext(options))
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
    async start() {
      return profileOf(await engine.launchPersistent(folder))
    },
    async remove() {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function profileOf(context: BrowserContext): Profile {
  context.setDefaultTimeout(STEP)
  return {
    context,
    observed: observe(context),
    newPage: () => context.newPage(),
    close: () => context.close(),
  }
}
