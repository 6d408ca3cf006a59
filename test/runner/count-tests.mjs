// @ts-check
import { existsSync, readFileSync } from 'node:fs'

/**
 * @typedef {object} Report The part of vitest's JSON that is read here.
 * @property {{ status: string; assertionResults: ReportedTest[] }[]} testResults
 */

/** @typedef {{ status: string; meta?: { figure?: string } }} ReportedTest */

/**
 * Counts what vitest reports. A file that does not load, a test that is left out and a run that
 * fails although all its tests passed are failures as well: none of them may look like a success.
 *
 * @param {string} path
 * @param {boolean} ok
 * @returns {{ passed: number; failed: number; notes: string[] }}
 */
export function countTests(path, ok) {
  if (!existsSync(path)) return { passed: 0, failed: 1, notes: ['no report'] }
  /** @type {Report} */
  const report = JSON.parse(readFileSync(path, 'utf8'))
  const files = report.testResults
  const tests = files.flatMap((file) => file.assertionResults)
  const passed = tests.filter(({ status }) => status === 'passed').length
  const leftOut = tests.filter(({ status }) => status !== 'passed' && status !== 'failed').length
  const broken = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((t) => t.status === 'failed'),
  ).length
  const failed = tests.length - passed + broken
  const notes = tests.flatMap(({ meta }) => meta?.figure ?? [])
  if (leftOut > 0) notes.push(`${leftOut} left out, which counts as failed`)
  return { passed, failed: failed || (ok ? 0 : 1), notes }
}
