/**
 * What tests make of the bank, one documented default each.
 *
 * @typedef {object} BankSwitches
 * @property {'exposed' | 'hidden'} challenge whether pages may read `WWW-Authenticate` (`exposed`)
 * @property {'normal' | 'always-401' | 'always-503'} answer `always-401` refuses every token,
 *   `always-503` fails at every call (`normal`)
 * @property {number} latency milliseconds that every answer is held back (0)
 * @property {StepUp | null} stepUp what transfers ask of the sign-in, as RFC 9470 has it (`null`)
 */

/**
 * @typedef {object} StepUp
 * @property {number} [maxAge] seconds since the user has signed in
 * @property {string} [acrValues] names of methods; a tenant that sends no `acr` never meets it
 */

/** @type {BankSwitches} */
const DEFAULTS = { challenge: 'exposed', answer: 'normal', latency: 0, stepUp: null }

/** @type {Record<string, string[]>} */
const VALUES = {
  challenge: ['exposed', 'hidden'],
  answer: ['normal', 'always-401', 'always-503'],
}

/**
 * @param {Partial<BankSwitches>} changes
 * @param {BankSwitches} [current] the defaults when left out
 * @returns {BankSwitches}
 * @throws {TypeError} when a switch does not exist or does not take that value
 */
export function resolveBankSwitches(changes, current = DEFAULTS) {
  for (const [name, value] of Object.entries(changes)) {
    if (!Object.hasOwn(DEFAULTS, name)) {
      const names = Object.keys(DEFAULTS).join(', ')
      throw new TypeError(`The bank has no switch "${name}". It has: ${names}.`)
    }
    const values = VALUES[name]
    if (values !== undefined && !values.includes(String(value))) {
      throw new TypeError(`The bank's switch "${name}" takes one of: ${values.join(', ')}.`)
    }
  }
  return { ...current, ...changes }
}
