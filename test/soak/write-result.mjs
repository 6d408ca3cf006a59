// @ts-check
import { readFile, writeFile } from 'node:fs/promises'

const DOCUMENT = 'docs/soak.md'
const HEAD = [
  '| scenario | browser | seeds | passed | failed | a run takes | all | on |',
  '|---|---|---|---|---|---|---|---|',
]

/**
 * Writes what came of a scenario into the table of results, in place of its last one in this browser.
 *
 * @param {import('./create-soak-reporter.mjs').Outcome} outcome
 * @param {object} run
 * @param {string} run.browser Its name and version.
 * @param {number} run.first The first seed.
 * @param {number} run.runs How many seeds.
 */
export async function writeResult(
  { scenario, passed, failed, duration },
  { browser, first, runs },
) {
  const seconds = duration / 1000
  const row = [
    scenario,
    browser,
    `${first} to ${first + runs - 1}`,
    passed,
    failed.join(', ') || 'none',
    `${(seconds / (passed + failed.length)).toFixed(1)} s`,
    `${Math.max(1, Math.round(seconds / 60))} min`,
    new Date().toISOString().slice(0, 10),
  ]
  const text = await readFile(DOCUMENT, 'utf8')
  const start = text.indexOf(HEAD.join('\n'))
  if (start < 0) throw new Error(`${DOCUMENT} has lost its table of results.`)
  const [engine] = browser.split(' ')
  const lines = text.slice(start).trimEnd().split('\n').slice(HEAD.length)
  const kept = lines.filter((line) => !line.startsWith(`| ${scenario} | ${engine} `))
  const rows = [...kept, `| ${row.join(' | ')} |`].sort()
  await writeFile(DOCUMENT, `${text.slice(0, start)}${[...HEAD, ...rows].join('\n')}\n`)
}
