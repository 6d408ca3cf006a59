import { decodeJwt } from 'jose'
import {
  allowInsecureRequests,
  clockSkew,
  OperationProcessingError,
  validateJwtAccessToken,
} from 'oauth4webapi'

/**
 * @typedef {object} BoundTokenRules
 * @property {string} issuer
 * @property {string} audience
 * @property {string} jwksUri
 * @property {() => number} [clock] milliseconds; the machine's by default
 */

/**
 * A call of an API, as far as the check looks at it.
 *
 * @typedef {object} ApiCall
 * @property {string} method
 * @property {string} url
 * @property {import('node:http').IncomingHttpHeaders} headers
 */

/**
 * @typedef {object} Demands
 * @property {boolean} [dpopRequired] whether every token has to be bound to a key
 * @property {(proof: import('jose').JWTPayload) => void} [judge] throws for a proof that the API does
 *   not want, before it counts as used
 */

/**
 * Makes the check of JWT access tokens as RFC 9068 has them, bound to a key (RFC 9449) or not.
 * Signature, issuer, audience and expiry of the token, its `cnf.jkt`, and signature, `jwk`, `htm`,
 * `htu`, `iat` and `ath` of the proof are checked by oauth4webapi, which takes no bound token without
 * a proof; that no proof comes twice, here.
 *
 * @param {BoundTokenRules} rules
 * @returns {(call: ApiCall, demands?: Demands) => Promise<import('jose').JWTPayload>} the claims of
 *   the token
 */
export function createBoundTokenCheck({ issuer, audience, jwksUri, clock = Date.now }) {
  /** @type {Set<unknown>} */
  const proofs = new Set()
  const server = {
    issuer,
    jwks_uri: jwksUri,
    id_token_signing_alg_values_supported: ['RS256'],
  }
  return async ({ method, url, headers }, { dpopRequired = false, judge } = {}) => {
    const request = new Request(url, {
      method,
      headers: /** @type {Record<string, string>} */ (headers),
    })
    const claims = await validateJwtAccessToken(server, request, audience, {
      [allowInsecureRequests]: true,
      [clockSkew]: Math.round((clock() - Date.now()) / 1000),
      requireDPoP: dpopRequired,
    })
    if (!headers.dpop) return { ...claims }
    const proof = decodeJwt(String(headers.dpop))
    judge?.(proof)
    if (proofs.has(proof.jti)) throw new OperationProcessingError('the proof was used before')
    proofs.add(proof.jti)
    return { ...claims }
  }
}
