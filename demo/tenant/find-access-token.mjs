/**
 * @typedef {object} AccessTokenRecord
 * @property {import('./create-apps.mjs').App} app
 * @property {string} id of the provider's token behind it
 * @property {Record<string, any>} claims
 */

/**
 * What the tenant knows about an access token that it has issued and that is still good. What
 * oidc-provider keeps for it decides: it goes with the grant, and in the machine's time, whatever
 * the clock offset makes of the claims. One that is bound to a key is not good by itself, and nothing
 * here asks for a proof.
 *
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {string | undefined} jwt
 * @returns {Promise<AccessTokenRecord | undefined>}
 */
export async function findAccessToken(tenant, jwt) {
  const record = tenant.accessTokens.get(jwt ?? '')
  if (record?.claims.cnf !== undefined) return undefined
  const isGood = record && (await record.app.provider.AccessToken.find(record.id)) !== undefined
  return isGood ? record : undefined
}

/**
 * @param {import('express').Request} req
 * @returns {string | undefined}
 */
export function readBearerToken(req) {
  return req.headers.authorization?.match(/^bearer +(\S+)$/i)?.[1]
}
