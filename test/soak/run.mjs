// @ts-check
/**
 * `npm run test:soak`: the tabs of a browser as one session, over many seeds. Prints how far it is,
 * and for each failure the command that runs it again. Twenty seeds or more of a scenario are written
 * into docs/soak.md.
 *
 *     npm run test:soak                                       a hundred seeds of each scenario
 *     npm run test:soak -- --scenario=sign-out --seed=17      one run
 *     npm run test:soak -- --runs=20 --engine=firefox
 */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startVitest } from 'vitest/node'
import { createSoakReporter } from './create-soak-reporter.mjs'
import { writeResult } from './write-result.mjs'

process.chdir(fileURLToPath(new URL('../..', import.meta.url)))

const ENDING = '.test.ts'
const WORTH_KEEPING = 20
const scenarios = readdirSync('test/soak')
  .filter((name) => name.endsWith(ENDING))
  .map((name) => name.slice(0, -ENDING.length))

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', multiple: true, default: scenarios },
    seed: { type: 'string' },
    runs: { type: 'string' },
    engine: { type: 'string', default: 'chromium' },
  },
})
const { scenario, engine } = values
const first = numberOf('seed', values.seed ?? '1')
const runs = numberOf('runs', values.runs ?? (values.seed === undefined ? '100' : '1'))
const unknown = scenario.filter((name) => !scenarios.includes(name))
if (unknown.length > 0) fail(`There is no scenario ${unknown}. There are: ${scenarios.join(', ')}.`)
if (engine !== 'chromium' && engine !== 'firefox') fail('--engine is chromium or firefox.')

process.env.TESSERA_SOAK_SEEDS = `${first}-${first + runs - 1}`
const reporter = createSoakReporter({
  runs,
  engine,
  log: console.log,
  // A few seeds say nothing that would be worth keeping.
  keep: async (outcome, browser) => {
    if (runs >= WORTH_KEEPING) await writeResult(outcome, { browser, first, runs })
  },
})
const startedAt = Date.now()
const vitest = await startVitest(
  'test',
  scenario.map((name) => `test/soak/${name}${ENDING}`),
  { run: true, watch: false, project: [`soak-${engine}`], reporters: [reporter] },
)
await vitest.close()
const failed = reporter.outcomes().reduce((sum, outcome) => sum + outcome.failed.length, 0)
const passed = reporter.outcomes().reduce((sum, outcome) => sum + outcome.passed, 0)
const minutes = Math.round((Date.now() - startedAt) / 60_000)
console.log(`${passed} passed, ${failed} failed, ${minutes} minutes`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)

/** @param {string} name @param {string} text */
function numberOf(name, text) {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : fail(`--${name} is a number from 1.`)
}

/** @param {string} why @returns {never} */
function fail(why) {
  console.error(why)
  process.exit(1)
}
