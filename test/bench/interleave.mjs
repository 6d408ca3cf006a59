// @ts-check

/**
 * @typedef {object} Run
 * @property {import('./stage/start-stage.mjs').Stage} stage
 * @property {readonly string[]} names The peers.
 * @property {number} rounds
 * @property {(text: string) => void} progress
 */

/**
 * A line of the table.
 *
 * @typedef {object} Row
 * @property {string} item
 * @property {string} measure
 * @property {string} unit
 * @property {Record<string, number>} values Medians, by peer.
 * @property {Record<string, string>} unable Why a peer has no value.
 */

/** @typedef {(measure: string, unit: string, value: number) => void} Add */

/**
 * Lets the peers do the same work in turns, in another order each round, and gives the medians of
 * what was measured. A peer that fails is left out from there on, and said to be unable.
 *
 * @param {Run} run
 * @param {string} item
 * @param {(name: string, add: Add) => Promise<void>} work
 * @param {(values: readonly number[]) => number} [summarise] What becomes of the rounds.
 * @returns {Promise<Row[]>}
 */
export async function interleave(
  { stage, names, rounds, progress },
  item,
  work,
  summarise = median,
) {
  /** @type {Map<string, Row & { samples: Record<string, number[]> }>} */
  const rows = new Map()
  /** @type {Record<string, string>} */
  const unable = {}
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 ? names.toReversed() : names) {
      if (unable[name]) continue
      progress(`${item}: round ${round + 1} of ${rounds}, ${name}`)
      try {
        await work(name, (measure, unit, value) => {
          const row = rows.get(measure) ?? { item, measure, unit, values: {}, unable, samples: {} }
          rows.set(measure, row)
          row.samples[name] = [...(row.samples[name] ?? []), value]
        })
      } catch (error) {
        if (!stage.browser.isConnected()) throw error
        unable[name] = firstLine(error)
      }
    }
  }
  if (rows.size === 0) return [{ item, measure: item, unit: '', values: {}, unable }]
  return [...rows.values()].map(({ samples, ...row }) => {
    for (const [name, values] of Object.entries(samples)) {
      if (!unable[name]) row.values[name] = summarise(values)
    }
    return row
  })
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** @param {unknown} error */
function firstLine(error) {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? ''
}
