import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ENGINES } from '../browsers/engines.ts'
import { launchBrowser } from '../browsers/launch-browser.ts'
import { servePages } from '../browsers/serve-pages.ts'
import { APP } from './app.ts'
import { checkInvariants } from './check-invariants.ts'
import { createStage, type World } from './create-stage.ts'
import type { HostileCase } from './define-case.ts'
import { LEAKS } from './leaks.ts'
import { startProvider } from './provider/start-provider.ts'
import { runCase, runCaseOn, signIn } from './run-case.ts'
import { isAboutCallback } from './ways.ts'

const FOLDER = fileURLToPath(new URL('cases/', import.meta.url))

const names = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => path.replaceAll('\\', '/').replace(/\.ts$/, ''))
  .sort()
const cases = await Promise.all(
  names.map(async (name): Promise<readonly [string, HostileCase]> => {
    const module: { default: HostileCase } = await import(/* @vite-ignore */ `${FOLDER}${name}.ts`)
    return [name, module.default]
  }),
)

let world: World

beforeAll(async () => {
  world = {
    pages: await servePages({ pages: { '/': APP } }),
    provider: await startProvider(),
    browser: await launchBrowser(ENGINES.chromium),
    twins: new Map(),
    free: [],
  }
})

afterAll(async () => {
  await world?.browser.close()
  await world?.provider.close()
  await world?.pages.close()
})

test('there are as many cases as promised', () => {
  expect(cases.length).toBeGreaterThanOrEqual(350)
})

test('the harness sees whatever leaks or is left behind', async () => {
  const stage = await createStage(world, { what: '', expect: { end: 'SIGNED-IN' } }, false)
  await signIn(stage)
  const [tab] = stage.tabs
  for (const [script] of LEAKS) await tab?.page.evaluate(script)
  const problems = await checkInvariants(stage)
  const unseen = LEAKS.filter(([, complaint]) => !problems.some((each) => complaint.test(each)))
  expect(unseen).toEqual([])
  await stage.end(false)
})

describe.concurrent('a hostile provider', () => {
  for (const [name, each] of cases) {
    test(`${name}: ${each.what}`, () => runCase(world, each))
  }
})

const callbackCases = cases.filter(([, each]) => isAboutCallback(each))

test('most cases about the callback run on every way', () => {
  expect(callbackCases.length).toBeGreaterThanOrEqual(45)
})

for (const way of ['forward', 'popup', 'frame'] as const) {
  describe.concurrent(`a hostile callback by ${way}`, () => {
    for (const [name, each] of callbackCases) {
      test(`${name}: ${each.what}`, () => runCaseOn(world, way, each))
    }
  })
}
