// @ts-check

/**
 * What came of a scenario.
 *
 * @typedef {object} Outcome
 * @property {string} scenario
 * @property {number} passed
 * @property {number[]} failed Seeds.
 * @property {number} duration Of all its runs, in milliseconds.
 */

/**
 * Makes a reporter for vitest that says how far the soak is, and how to run again what failed.
 *
 * @param {object} options
 * @param {number} options.runs
 * @param {string} options.engine
 * @param {(line: string) => void} options.log
 * @param {(outcome: Outcome, browser: string) => Promise<void>} options.keep Called for each
 *   scenario that is through.
 */
export function createSoakReporter({ runs, engine, log, keep }) {
  /** @type {Map<string, Outcome>} */
  const outcomes = new Map()
  let browser = ''

  /** @param {string} scenario */
  const outcomeOf = (scenario) => {
    const outcome = outcomes.get(scenario) ?? { scenario, passed: 0, failed: [], duration: 0 }
    outcomes.set(scenario, outcome)
    return outcome
  }
  return {
    /** @param {import('vitest/node').TestCase} test */
    onTestCaseResult(test) {
      const scenario = scenarioOf(test.module.moduleId)
      const seed = Number(/seed (\d+)$/.exec(test.name)?.[1])
      const outcome = outcomeOf(scenario)
      const { state, errors = [] } = test.result()
      const meta = /** @type {{ browser?: string }} */ (test.meta())
      const duration = test.diagnostic()?.duration ?? 0
      browser = meta.browser ?? browser
      outcome.duration += duration
      if (state === 'passed') outcome.passed += 1
      else outcome.failed.push(seed)
      const done = outcome.passed + outcome.failed.length
      const failures = outcome.failed.length ? `, ${outcome.failed.length} failed` : ''
      const seconds = (duration / 1000).toFixed(1)
      log(`${scenario.padEnd(16)} ${`${done}`.padStart(4)}/${runs}${failures}  ${seconds} s`)
      if (state === 'passed') return
      log(`  again: npm run test:soak -- --engine=${engine} --scenario=${scenario} --seed=${seed}`)
      for (const { message, stack } of errors) log(`  ${message}\n${stack ?? ''}`)
    },
    /** @param {import('vitest/node').TestModule} module */
    async onTestModuleEnd(module) {
      const errors = module.errors()
      for (const { message, stack } of errors) log(`${message}\n${stack ?? ''}`)
      // What never ran counts as failed: a scenario that does not start has proved nothing.
      const outcome = outcomeOf(scenarioOf(module.moduleId))
      if (errors.length > 0) outcome.failed.push(0)
      await keep(outcome, browser)
    },
    outcomes: () => [...outcomes.values()],
  }
}

/** @param {string} path */
function scenarioOf(path) {
  return /([^/\\]+)\.test\.ts$/.exec(path)?.[1] ?? path
}
