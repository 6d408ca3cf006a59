// @ts-check
/**
 * `npm run test:providers`: the built package against OpenID providers and a resource server that
 * nobody here wrote, each run from a temporary folder. Installs Debian's packages of them where it
 * may, and writes what came of it to docs/providers.md. Not part of `npm test`: it takes minutes,
 * and needs Debian.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBrowsers } from '../browsers/find-browser.mjs'
import { run } from '../runner/child.mjs'
import { countTests } from '../runner/count-tests.mjs'
import { describeResults } from './describe-results.mjs'
import { ensurePackages, PACKAGES, versionOf } from './packages.mjs'

process.chdir(fileURLToPath(new URL('../..', import.meta.url)))

const log = (/** @type {string} */ line) => console.log(line)
const folder = mkdtempSync(join(tmpdir(), 'tessera-providers-'))
const [report, habits] = [join(folder, 'report.json'), join(folder, 'habits.jsonl')]

try {
  ensurePackages(log)
  const env = { ...ensureBrowsers(['chromium'], log), TESSERA_HABITS: habits }
  const build = [process.execPath, 'node_modules/rollup/dist/bin/rollup', '-c', '--silent']
  const built = await run(build, { minutes: 5 })
  if (!built.ok) throw new Error(built.output)
  log('running the journeys; this takes minutes')
  const vitest = [process.execPath, 'node_modules/vitest/vitest.mjs', 'run']
  const config = ['-c', 'test/providers/vitest.config.mjs']
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const done = await run([...vitest, ...config, ...reporters], { minutes: 20, env })
  const { passed, failed } = countTests(report, done.ok)
  if (failed > 0) log(done.output)
  if (existsSync(report)) {
    const lines = existsSync(habits) ? readFileSync(habits, 'utf8').trim().split('\n') : []
    const versions = Object.keys(PACKAGES).map((name) => `${name} ${versionOf(name)}`)
    const page = describeResults(
      JSON.parse(readFileSync(report, 'utf8')),
      lines.map((line) => JSON.parse(line)),
      versions,
    )
    writeFileSync('docs/providers.md', page)
    log('wrote docs/providers.md')
  }
  log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
} catch (error) {
  console.error(/** @type {Error} */ (error).message)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
