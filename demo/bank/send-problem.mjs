/**
 * @typedef {object} Problem
 * @property {number} status
 * @property {string} title
 * @property {string} detail what to do, in words
 * @property {'Bearer' | 'DPoP'} [scheme] of the challenge; `Bearer` by default
 * @property {Record<string, string | undefined>} [challenge] its parameters; without them no challenge
 *   is sent
 */

/**
 * Sends a refusal: the challenge of RFC 6750, or RFC 9449 §7.1, for programs, a problem document for people.
 *
 * @param {import('express').Response} res
 * @param {Problem} problem
 */
export function sendProblem(res, { status, title, detail, scheme = 'Bearer', challenge }) {
  if (challenge !== undefined) res.set('WWW-Authenticate', formatChallenge(scheme, challenge))
  const body = JSON.stringify({ type: 'about:blank', title, status, detail })
  res.status(status).type('application/problem+json').send(body)
}

/**
 * The grammar of a challenge knows ASCII only, RFC 6750 §3.
 *
 * @param {'Bearer' | 'DPoP'} scheme
 * @param {Record<string, string | undefined>} parameters
 */
function formatChallenge(scheme, parameters) {
  const given = Object.entries({ realm: 'bank', ...parameters }).filter(([, value]) => value)
  const quote = (/** @type {string} */ text) => text.replace(/[“”"\\]/g, "'")
  return `${scheme} ${given.map(([name, value]) => `${name}="${quote(value ?? '')}"`).join(', ')}`
}
