// @ts-check
import { FLOOR } from './peers.mjs'

/** @typedef {import('./interleave.mjs').Row} Row */

/** Counts, of which a ratio says nothing. */
const isCount = (/** @type {Row} */ { unit }) => unit === ''

/**
 * The table as rows of cells: a measure, and for each peer its median and, in brackets, the ratio
 * to the floor.
 *
 * @param {readonly Row[]} rows
 * @param {readonly string[]} names
 */
export function toCells(rows, names) {
  return [
    ['', ...names],
    ...rows.map((row) => [
      row.unit ? `${row.measure} (${row.unit})` : row.measure,
      ...names.map((name) => cell(row, name)),
    ]),
  ]
}

/** @param {Row} row @param {string} name */
function cell(row, name) {
  const value = row.values[name]
  if (value === undefined) return row.unable[name] ? 'unable' : ''
  const floor = row.values[FLOOR]
  const ratio = floor && !isCount(row) && name !== FLOOR ? ` (${digits(value / floor)})` : ''
  return digits(value) + ratio
}

/** Three digits that count, and no fraction of a byte. @param {number} value */
function digits(value) {
  if (Number.isInteger(value) || Math.abs(value) >= 100)
    return Math.round(value).toLocaleString('en')
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2)
}

/** @param {readonly (readonly string[])[]} cells */
export function toText(cells) {
  const widths = (cells[0] ?? []).map((_, at) =>
    Math.max(...cells.map((row) => row[at]?.length ?? 0)),
  )
  return cells
    .map((row) =>
      row
        .map((text, at) =>
          at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0),
        )
        .join('  '),
    )
    .join('\n')
}

/** @param {readonly (readonly string[])[]} cells */
export function toMarkdown([head = [], ...rows]) {
  const line = (/** @type {readonly string[]} */ row) => `| ${row.join(' | ')} |`
  return [line(head), `|---|${'---:|'.repeat(head.length - 1)}`, ...rows.map(line)].join('\n')
}

/**
 * Why peers have no value, once per reason.
 *
 * @param {readonly Row[]} rows
 */
export function toReasons(rows) {
  const reasons = rows.flatMap(({ item, unable }) =>
    Object.entries(unable).map(([name, reason]) => `${item}: ${name} is unable: ${reason}`),
  )
  return [...new Set(reasons)]
}
