// @ts-check
import { FLOOR, OURS } from './peers.mjs'

/** @typedef {import('./interleave.mjs').Row} Row */

/**
 * What a measure shall come to: as a ratio to a peer, to every other library, or as it is.
 *
 * @typedef {object} Aim
 * @property {RegExp} measure
 * @property {string} [against] A peer, or `every peer`.
 * @property {number} atMost
 */

/** @type {readonly Aim[]} */
const AIMS = [
  { measure: /^small app, esbuild.*brotli$/, against: 'oidc-client-ts', atMost: 0.75 },
  { measure: /^small app, esbuild.*brotli$/, against: 'auth0-spa-js', atMost: 0.2 },
  { measure: /^parse and evaluate/, against: FLOOR, atMost: 1.5 },
  { measure: /^callback to token, cold, 50 ms$/, against: FLOOR, atMost: 0.7 },
  { measure: /^callback to token, warm, \d+ ms$/, against: FLOOR, atMost: 1.05 },
  { measure: /^return visit to token/, against: FLOOR, atMost: 1.2 },
  { measure: /^return visit: requests/, atMost: 0 },
  { measure: /^getAccessToken/, against: 'every peer', atMost: 1 },
  { measure: /^added to a fetch/, against: 'every peer', atMost: 1 },
  { measure: /^\d+ tabs.*token requests/, atMost: 1 },
  { measure: /^\d+ tabs.*(failed|lost)/, atMost: 0 },
]

/**
 * Which aims were met. An aim at something that was not measured in this run is left out.
 *
 * @param {readonly Row[]} rows
 * @returns {{ text: string; value: number; isMet: boolean }[]}
 */
export function judge(rows) {
  return rows.flatMap(({ measure, values }) =>
    AIMS.filter((aim) => aim.measure.test(measure)).flatMap(({ against, atMost }) => {
      const own = values[OURS]
      const other = against ? otherValue(values, against) : 1
      if (own === undefined || other === undefined) return []
      const value = own / other
      const text = `${measure}${against ? `, beside ${against}` : ''}: at most ${atMost}`
      return [{ text, value, isMet: value <= atMost }]
    }),
  )
}

/**
 * @param {Readonly<Record<string, number>>} values
 * @param {string} against
 */
function otherValue(values, against) {
  if (against !== 'every peer') return values[against]
  const others = Object.entries(values).filter(([name]) => name !== OURS && name !== FLOOR)
  return others.length > 0 ? Math.min(...others.map(([, value]) => value)) : undefined
}
