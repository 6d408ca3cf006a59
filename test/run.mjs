// @ts-check
/**
 * `npm test`: all there is, on a fresh clone and a machine with nothing but Node and npm.
 *
 *     npm test                  everything
 *     npm test -- unit          one stage; several are separated by spaces or commas
 *     npm test -- --only=e2e    the same
 *
 * Prints a line when a step begins and one when it ends, every half minute what is under way and, if
 * one fails, what its tools said. The last line is `N passed, N failed` over all tests. Uses only
 * Node's own modules, since it may have to install the others.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endAll, run } from './runner/child.mjs'
import { countTests } from './runner/count-tests.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} command What Node runs: a script and its arguments.
 * @property {string} [project] The vitest project, where the step is one.
 * @property {number} [minutes] How long it may take. Default 5.
 */

/**
 * @typedef {object} Result
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} notes
 * @property {string} output
 */

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {boolean} [browsers] Whether it needs browsers: a project's own, or else Chromium.
 * @property {boolean} [alone] Whether nothing else may run beside it. What waits for a browser leaves
 *   a core idle: stages that are not alone run their steps two at a time.
 * @property {boolean} [inOrder] Whether each step needs the one before.
 * @property {Step[]} steps
 */

const bin = (/** @type {string} */ path) => join('node_modules', path)

/** @returns {Step} */
const types = (/** @type {string} */ folder) => ({
  name: `types of ${folder}`,
  command: [bin('typescript/bin/tsc'), '-p', folder === 'src' ? '.' : folder],
})

/** @returns {Step} */
const vitest = (/** @type {string} */ project, minutes = 5) => ({
  name: project,
  command: [bin('vitest/vitest.mjs'), 'run', '--project', project],
  project,
  minutes,
})

/** @type {Stage[]} */
const STAGES = [
  {
    name: 'check',
    alone: true,
    steps: [
      // Their types are checked with the others.
      { name: 'tools-install', command: ['test/runner/install.mjs', 'test/docs', 'test/bench'] },
      types('src'),
      types('test'),
      types('demo'),
      types('demo/app'),
      { name: 'lint and format', command: [bin('@biomejs/biome/bin/biome'), 'ci', '--colors=off'] },
      vitest('layers'),
    ],
  },
  { name: 'unit', alone: true, steps: [vitest('unit'), vitest('dom')] },
  { name: 'demo', alone: true, steps: [vitest('demo')] },
  {
    name: 'e2e',
    browsers: true,
    // The longest first: it takes one core for as long as the others take the other one.
    steps: [vitest('e2e-firefox', 60), vitest('e2e-webkit', 40), vitest('e2e-chromium', 40)],
  },
  {
    name: 'fetch',
    browsers: true,
    steps: [vitest('fetch-chromium', 20), vitest('fetch-firefox', 30)],
  },
  {
    name: 'clients',
    browsers: true,
    inOrder: true,
    steps: [
      { name: 'clients-install', command: ['test/runner/install.mjs', 'test/clients'] },
      vitest('clients', 20),
    ],
  },
  {
    name: 'docs',
    browsers: true,
    inOrder: true,
    steps: [
      { name: 'docs-install', command: ['test/runner/install.mjs', 'test/docs', 'test/bench'] },
      vitest('docs', 30),
    ],
  },
  { name: 'hostile', browsers: true, steps: [vitest('hostile', 40)] },
  {
    name: 'soak',
    browsers: true,
    alone: true,
    // Ten tabs are as busy as both cores.
    steps: [vitest('soak-chromium', 20), vitest('soak-firefox', 30)],
  },
  { name: 'package', browsers: true, alone: true, steps: [vitest('package', 20)] },
]

/** All temporary files of a run, those of browsers too, so that one removal is enough. */
const scratch = mkdtempSync(join(tmpdir(), 'tessera-test-'))
const TEMPORARY = { TMPDIR: scratch, TEMP: scratch, TMP: scratch }

/**
 * @param {Step} step
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Result>}
 */
async function take({ command, project, minutes = 5 }, env) {
  if (!project) {
    const { ok, output } = await run([process.execPath, ...command], { minutes, env })
    return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, notes: [], output }
  }
  const report = join(scratch, `${project}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const done = await run([process.execPath, ...command, ...reporters], { minutes, env })
  return { ...countTests(report, done.ok), output: done.output }
}

/** Whether `npm ci` has to run: nothing is installed, or something else than the lock file says. */
function isStale() {
  const installed = 'node_modules/.package-lock.json'
  if (!existsSync(installed)) return true
  const { packages: wanted } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  const { packages: found } = JSON.parse(readFileSync(installed, 'utf8'))
  return Object.keys(wanted).some(
    (path) => path && !wanted[path].optional && wanted[path].version !== found[path]?.version,
  )
}

/** When each of what is under way began. @type {Map<string, number>} */
const underWay = new Map()

const secondsSince = (/** @type {number} */ start) => (performance.now() - start) / 1000

setInterval(() => {
  const names = [...underWay].map(([name, start]) => `${name} ${secondsSince(start).toFixed()} s`)
  if (names.length > 0) console.log(`still at it        ${names.join(', ')}`)
}, 30_000).unref()

/**
 * Says what is begun, and what came of it after how long.
 *
 * @template Done
 * @param {string} name
 * @param {() => Promise<Done>} work
 * @param {(done: Done) => string} describe
 * @returns {Promise<Done>}
 */
async function timed(name, work, describe) {
  const start = performance.now()
  underWay.set(name, start)
  console.log(`${name.padEnd(18)} …`)
  const done = await work()
  underWay.delete(name)
  const seconds = secondsSince(start).toFixed(1).padStart(6)
  console.log(`${name.padEnd(18)} ${seconds} s   ${describe(done)}`)
  return done
}

/**
 * @param {string} name
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
async function report(name, work) {
  const result = await timed(name, work, ({ passed, failed, notes }) =>
    [`${passed} passed, ${failed} failed`, ...notes].join('; '),
  )
  if (result.failed > 0) console.log(`\n${result.output.trim()}\n`)
  return result
}

/**
 * @param {string} name
 * @param {string[]} command
 * @param {number} minutes
 */
async function prepare(name, command, minutes) {
  const work = () => run(command, { minutes })
  const { ok, output } = await timed(name, work, (done) => (done.ok ? 'done' : 'failed'))
  if (!ok) console.log(`\n${output.trim()}\n`)
  return ok
}

/** @returns {Stage[]} */
function chosenStages() {
  const wanted = process.argv
    .slice(2)
    .flatMap((argument) => argument.replace(/^--only=/, '').split(','))
    .filter(Boolean)
  if (wanted.length === 0) return STAGES
  const known = STAGES.flatMap(({ name, steps }) => [name, ...steps.map((step) => step.name)])
  const unknown = wanted.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    throw new Error(`There is no stage ${unknown.join(', ')}. There are: ${known.join(', ')}.`)
  }
  return STAGES.map((stage) => ({
    ...stage,
    steps: stage.steps.filter(({ name }) => wanted.includes(stage.name) || wanted.includes(name)),
  })).filter(({ steps }) => steps.length > 0)
}

/** @returns {Promise<{ passed: number; failed: number }>} */
async function main() {
  const total = { passed: 0, failed: 0 }
  const failure = () => ({ ...total, failed: total.failed + 1 })
  const stages = chosenStages()
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm']
  if (isStale() && !(await prepare('npm ci', [...npm, 'ci', '--include=dev'], 10))) return failure()
  /** @type {NodeJS.ProcessEnv} */
  let env = { ...TEMPORARY }
  const steps = stages.flatMap((stage) => (stage.browsers ? stage.steps : []))
  if (steps.length > 0) {
    const { BROWSER_NAMES, ensureBrowsers } = await import('./browsers/find-browser.mjs')
    const needs = ({ name = '' }) =>
      BROWSER_NAMES.find((browser) => name.endsWith(`-${browser}`)) ?? 'chromium'
    const names = [...new Set(steps.map(needs))]
    const log = (/** @type {string} */ line) => console.log(`browsers           ${line}`)
    env = { ...TEMPORARY, ...ensureBrowsers(names, log) }
  }
  const build = [process.execPath, bin('rollup/dist/bin/rollup'), '-c', '--silent']
  if (!(await prepare('build', build, 5))) return failure()
  /** @param {Step[]} steps */
  const takeInOrder = async (steps) => {
    for (const step of steps) {
      if (stopped) return
      const { passed, failed } = await report(step.name, () => take(step, env))
      total.passed += passed
      total.failed += failed
    }
  }
  /** @type {Step[][]} */
  let beside = []
  for (const stage of stages) {
    const lanes = stage.inOrder ? [stage.steps] : stage.steps.map((step) => [step])
    if (!stage.alone) {
      beside.push(...lanes)
      continue
    }
    await takeTwoAtATime(beside, takeInOrder)
    beside = []
    await takeInOrder(stage.steps)
  }
  await takeTwoAtATime(beside, takeInOrder)
  return stopped ? failure() : total
}

/**
 * @param {Step[][]} lanes
 * @param {(steps: Step[]) => Promise<void>} takeInOrder
 */
async function takeTwoAtATime(lanes, takeInOrder) {
  const queue = [...lanes]
  const work = async () => {
    for (let steps = queue.shift(); steps; steps = queue.shift()) await takeInOrder(steps)
  }
  await Promise.all([work(), work()])
}

let stopped = false
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.once(signal, () => {
    stopped = true
    endAll()
  })
}

const { passed, failed } = await main().catch((error) => {
  console.log(error.message)
  return { passed: 0, failed: 1 }
})
try {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
} catch {
  // A browser on its way out still writes there. The system clears that folder in its time.
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0
