import { createRemoteJWKSet, errors, jwtVerify } from 'jose'

/**
 * @typedef {object} TokenRules
 * @property {string} issuer exactly as the tenant writes it, slash and all
 * @property {string} audience a CyberArk tenant puts the client id there
 * @property {string} jwksUri
 * @property {() => number} [clock] milliseconds; the machine's by default
 */

/**
 * @typedef {{ claims: import('jose').JWTPayload }
 *   | { fault: string }
 *   | { outage: string }} Verdict
 */

const CLAIMS = ['iss', 'aud', 'sub', 'iat', 'exp']
const TYPES = [undefined, 'jwt', 'at+jwt', 'application/at+jwt']

/** Why jose refuses, by the claim in question. */
/** @type {Record<string, string>} */
const CLAIM_FAULTS = {
  iss: 'The access token comes from another issuer.',
  aud: 'The access token is meant for somebody else.',
}

/**
 * Makes the check of access tokens. Issuer, audience and algorithm are pinned; the type is not,
 * because CyberArk is not known to send `at+jwt`. There an ID token differs from an access token by
 * one thing only: it has no `scope`.
 *
 * @param {TokenRules} rules
 * @returns {(jwt: string) => Promise<Verdict>}
 */
export function createAccessTokenCheck({ issuer, audience, jwksUri, clock = Date.now }) {
  // A demo restarts its tenant, with new keys, more often than the library's half minute allows.
  const keys = createRemoteJWKSet(new URL(jwksUri), { cooldownDuration: 0, timeoutDuration: 3000 })
  return async (jwt) => {
    try {
      const { payload, protectedHeader } = await jwtVerify(jwt, keys, {
        issuer,
        audience,
        algorithms: ['RS256'],
        requiredClaims: CLAIMS,
        currentDate: new Date(clock()),
      })
      const type = protectedHeader.typ?.toLowerCase()
      if (!TYPES.includes(type)) return { fault: `A token of the type ${type} is no access token.` }
      if (typeof payload.scope !== 'string') {
        return { fault: 'This is an ID token. The bank needs the access token.' }
      }
      return { claims: payload }
    } catch (error) {
      return explain(error)
    }
  }
}

/**
 * @param {unknown} error
 * @returns {Verdict}
 */
function explain(error) {
  if (error instanceof errors.JWTExpired) return { fault: 'The access token has expired.' }
  if (error instanceof errors.JWTClaimValidationFailed) {
    const fault = CLAIM_FAULTS[error.claim] ?? `The access token has no good “${error.claim}”.`
    return { fault }
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return { fault: 'The signature of the access token is wrong.' }
  }
  if (error instanceof errors.JWKSNoMatchingKey) {
    return { fault: 'The access token is signed with a key that the issuer does not have.' }
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return { fault: 'The access token is not signed with RS256.' }
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return { fault: 'The access token is no JWT.' }
  }
  return { outage: 'The bank cannot get the keys of the identity provider right now.' }
}
