/**
 * @typedef {object} Problem
 * @property {number} status
 * @property {string} title
 * @property {string} detail what to do, in words
 * @property {Record<string, string | undefined>} [challenge] parameters of the bearer challenge;
 *   without it no challenge is sent
 */

/**
 * Sends a refusal: the challenge of RFC 6750 for programs, a problem document for people.
 *
 * @param {import('express').Response} res
 * @param {Problem} problem
 */
export function sendProblem(res, { status, title, detail, challenge }) {
  if (challenge !== undefined) res.set('WWW-Authenticate', formatChallenge(challenge))
  const body = JSON.stringify({ type: 'about:blank', title, status, detail })
  res.status(status).type('application/problem+json').send(body)
}

/**
 * The grammar of a challenge knows ASCII only, RFC 6750 §3.
 *
 * @param {Record<string, string | undefined>} parameters
 */
function formatChallenge(parameters) {
  const given = Object.entries({ realm: 'bank', ...parameters }).filter(([, value]) => value)
  const quote = (/** @type {string} */ text) => text.replace(/[“”"\\]/g, "'")
  return `Bearer ${given.map(([name, value]) => `${name}="${quote(value ?? '')}"`).join(', ')}`
}
