// @ts-check
import { readFileSync, writeFileSync } from 'node:fs'
import { toCells, toMarkdown, toReasons } from './table.mjs'

const PAGE = new URL('../../docs/measurements.md', import.meta.url)

/**
 * What a run has found out.
 *
 * @typedef {object} Result
 * @property {string} machine
 * @property {(import('./peers.mjs').Peer & { version: string })[]} peers
 * @property {import('./interleave.mjs').Row[]} rows
 * @property {{ text: string; value: number; isMet: boolean }[]} aims
 */

/**
 * Puts what was measured into docs/measurements.md, in the place of what it says about the same
 * items.
 *
 * @param {Result} result
 */
export function writeMeasurements({ machine, peers, rows }) {
  const names = peers.map(({ name }) => name)
  let page = readFileSync(PAGE, 'utf8')
  /** @param {string} name @param {readonly string[]} parts */
  const put = (name, parts) => {
    const place = new RegExp(`(<!-- bench:${name} -->\n)[\\s\\S]*?(<!-- /bench -->)`)
    if (!place.test(page)) throw new Error(`docs/measurements.md has no place for ${name}.`)
    page = page.replace(place, (_, start, end) => `${start}\n${parts.join('\n\n')}\n\n${end}`)
  }
  put('peers', [
    toMarkdown([
      ['', 'version', 'configuration'],
      ...peers.map(({ name, version, configuration }) => [name, version, configuration]),
    ]),
  ])
  for (const item of new Set(rows.map((row) => row.item))) {
    const own = rows.filter((row) => row.item === item)
    const reasons = toReasons(own).map((reason) => `${reason}.`)
    put(item, [toMarkdown(toCells(own, names)), ...reasons, `${machine}.`])
  }
  writeFileSync(PAGE, page)
}
