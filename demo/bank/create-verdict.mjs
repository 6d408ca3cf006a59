import { decodeJwt } from 'jose'
import { OperationProcessingError, UnsupportedOperationError } from 'oauth4webapi'

/**
 * What the bank thinks of a request: who sends it, what is wrong with its token, or why nobody can
 * tell. `scheme` is how such a token has to come.
 *
 * @typedef {{ scheme: 'Bearer' | 'DPoP' } & (import('./create-access-token-check.mjs').Verdict
 *   | { none: true })} Verdict
 */

/**
 * @typedef {object} Checks
 * @property {(jwt: string) => Promise<import('./create-access-token-check.mjs').Verdict>} check
 * @property {{ issuer: string, check: ReturnType<
 *   typeof import('./create-bound-token-check.mjs').createBoundTokenCheck> }} [standard]
 */

/**
 * Makes what judges the access token of a request. Which check it gets depends on who says to have
 * issued it; the check then makes sure.
 *
 * @param {Checks} checks
 * @returns {(req: import('express').Request) => Promise<Verdict>}
 */
export function createVerdict({ check, standard }) {
  return async (req) => {
    const [, scheme, jwt = ''] = req.headers.authorization?.match(/^(bearer|dpop) +(\S+)$/i) ?? []
    if (scheme === undefined) return { scheme: 'Bearer', none: true }
    const claims = readClaims(jwt)
    if (standard === undefined || claims.iss !== standard.issuer) {
      if (scheme.toLowerCase() === 'bearer') return { scheme: 'Bearer', ...(await check(jwt)) }
      return { scheme: 'Bearer', fault: 'This access token is not bound to a key.' }
    }
    const expected = claims.cnf === undefined ? 'Bearer' : 'DPoP'
    const { method, originalUrl, headers } = req
    const url = `${req.protocol}://${headers.host}${originalUrl}`
    try {
      return { scheme: expected, claims: await standard.check({ method, url, headers }) }
    } catch (error) {
      return { scheme: expected, ...explain(/** @type {Error} */ (error)) }
    }
  }
}

/**
 * @param {string} jwt
 * @returns {import('jose').JWTPayload}
 */
function readClaims(jwt) {
  try {
    return decodeJwt(jwt)
  } catch {
    return {}
  }
}

/** @param {Error} error */
function explain(error) {
  const isFault =
    error instanceof OperationProcessingError || error instanceof UnsupportedOperationError
  return isFault
    ? { fault: `The access token or the proof of its key is not good: ${error.message}.` }
    : { outage: 'The bank cannot get the keys of the identity provider right now.' }
}
