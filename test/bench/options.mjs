// @ts-check
import { parseArgs } from 'node:util'

/** What is measured, in this order. */
export const ITEM_NAMES = /** @type {const} */ ([
  'size',
  'evaluate',
  'callback',
  'return',
  'token',
  'fetch',
  'storm',
  'heap',
])

/**
 * What a run was asked for.
 *
 * @param {readonly string[]} items
 * @param {readonly string[]} peers
 * @param {string[]} [args]
 */
export function readOptions(items, peers, args = process.argv.slice(2)) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', multiple: true },
      peers: { type: 'string', multiple: true },
      rounds: { type: 'string', default: '15' },
      parts: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  })
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a number from 1 on.')
  return {
    items: choose('only', items, values.only),
    peers: choose('peers', peers, values.peers),
    rounds,
    parts: values.parts,
    write: values.write,
  }
}

/**
 * @param {string} option
 * @param {readonly string[]} known
 * @param {readonly string[]} [given]
 */
function choose(option, known, given) {
  const wanted = given?.flatMap((names) => names.split(',')).filter(Boolean) ?? []
  const unknown = wanted.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    throw new Error(
      `--${option}: there is no ${unknown.join(', ')}. There are: ${known.join(', ')}.`,
    )
  }
  return wanted.length > 0 ? known.filter((name) => wanted.includes(name)) : known
}
