import { issuerOf } from './addresses.mjs'
import { formatGrantedScope } from './scopes.mjs'
import { userClaims } from './user-claims.mjs'
import { findUserBySub } from './users.mjs'

/** @typedef {{ auth_time: number, iss: string, aud: string, unique_name: string, sub: string }} CommonClaims */

/**
 * Turns the reply of the provider into the tenant's: the opaque access token becomes a JWT, the ID
 * token has the claims of the vendor's guide and no other.
 *
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {import('./create-apps.mjs').App} app
 * @param {import('./ask-provider.mjs').ProviderReply} reply
 * @param {string} grantType
 */
export async function issueTokens(tenant, app, { oidc, body }, grantType) {
  const { AccessToken, AuthorizationCode, RefreshToken } = oidc.entities
  const source = AuthorizationCode ?? RefreshToken ?? {}
  const user = findUserBySub(tenant.users, AccessToken.accountId)
  if (user === undefined) throw new TypeError('The provider grants tokens to nobody of the tenant')
  const scopes = body.scope.split(' ').filter(Boolean)
  const scope = formatGrantedScope(scopes)
  const { clockOffset, tokenLifetime, profileInIdToken, rotation } = tenant.switches
  const seconds = Math.floor(Date.now() / 1000)
  const iat = seconds + clockOffset
  const claims = {
    auth_time: (source.authTime ?? seconds) + clockOffset,
    iss: issuerOf(tenant, app),
    aud: AccessToken.clientId,
    unique_name: user.username,
    sub: user.sub,
    ...(source.nonce !== undefined && { nonce: source.nonce }),
  }
  const extra = app.isStandard ? standardClaims(AccessToken) : {}
  const accessToken = await signAccessToken(tenant, app, { ...claims, ...extra, scope }, iat)
  tenant.accessTokens.set(accessToken.jwt, { app, id: AccessToken.jti, claims: accessToken.claims })
  const profile = profileInIdToken === 'included' ? userClaims(user, scopes) : {}
  const hasRefreshToken = grantType !== 'refresh_token' || rotation === 'on'
  return {
    access_token: accessToken.jwt,
    token_type: AccessToken.jkt ? 'DPoP' : 'Bearer',
    expires_in: tokenLifetime,
    ...(hasIdToken(tenant, app, grantType) && {
      id_token: await tenant.keys.sign(
        order({ ...claims, ...profile, iat, exp: iat + tokenLifetime }),
        // Real tenants have it there, and verifiers that know every header have stumbled over it.
        { app_id: app.id },
      ),
    }),
    ...(body.refresh_token && hasRefreshToken && { refresh_token: body.refresh_token }),
    scope,
  }
}

/**
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {import('./create-apps.mjs').App} app
 * @param {string} grantType
 */
function hasIdToken(tenant, app, grantType) {
  const { oauth2IdToken, refreshIdToken } = tenant.switches
  if (grantType === 'password') return false
  if (app.kind === 'oauth2-client' && oauth2IdToken === 'omitted') return false
  return grantType !== 'refresh_token' || refreshIdToken === 'included'
}

/**
 * What RFC 9068 wants of an access token beside the claims of the guide, and the key that it is bound
 * to, if it is (RFC 9449 §6.1).
 *
 * @param {{ jti: string, clientId: string, jkt?: string }} accessToken
 */
function standardClaims({ jti, clientId, jkt }) {
  return { jti, client_id: clientId, ...(jkt !== undefined && { cnf: { jkt } }) }
}

/**
 * The guide's access token has nothing unique in it, and RS256 signs the same claims the same way.
 * Two tokens of one second would be one token, so the later one is dated ahead until it differs.
 * Nobody looks at the `iat` of an access token, and living a second longer hurts nobody.
 *
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {import('./create-apps.mjs').App} app
 * @param {CommonClaims & { scope: string }} claims
 * @param {number} iat
 * @returns {Promise<{ jwt: string, claims: Record<string, any> }>}
 */
async function signAccessToken(tenant, app, claims, iat) {
  const complete = order({ ...claims, iat, exp: iat + tenant.switches.tokenLifetime })
  const jwt = await tenant.keys.sign(complete, app.isStandard ? { typ: 'at+jwt' } : {})
  return tenant.accessTokens.has(jwt)
    ? signAccessToken(tenant, app, claims, iat + 1)
    : { jwt, claims: complete }
}

/**
 * Claims in the order of the guide.
 *
 * @param {CommonClaims & { iat: number, exp: number, [name: string]: unknown }} claims
 */
function order({ auth_time, iss, iat, aud, unique_name, exp, sub, ...rest }) {
  return { auth_time, iss, iat, aud, unique_name, exp, sub, ...rest }
}
