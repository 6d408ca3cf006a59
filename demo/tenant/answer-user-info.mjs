import { findAccessToken, readBearerToken } from './find-access-token.mjs'
import { sendJson } from './send-json.mjs'
import { userClaims } from './user-claims.mjs'
import { findUserBySub } from './users.mjs'

/**
 * `/OAuth2/UserInfo/{app}`, by POST as documented and by GET as used.
 *
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {import('./create-apps.mjs').App} app
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
export async function answerUserInfo(tenant, app, req, res) {
  const record = await findAccessToken(tenant, readBearerToken(req))
  const user = findUserBySub(tenant.users, record?.claims.sub)
  if (record?.app !== app || user === undefined) {
    const description = 'the access token is missing, over or of another app'
    res.set('WWW-Authenticate', `Bearer error="invalid_token", error_description="${description}"`)
    return sendJson(res, { error: 'invalid_token', error_description: description }, 401)
  }
  const { auth_time, aud, unique_name, sub, scope } = record.claims
  const claims = userClaims(user, scope.split(' '))
  res.set('Cache-Control', 'no-store')
  if (tenant.switches.userinfo === 'sound') {
    return sendJson(res, { auth_time, aud, unique_name, sub, ...claims })
  }
  // the vendor's sample, to the letter: subject and audience have changed places. Its page on claims
  // gives what is verified the type String.
  const texts = Object.entries(claims).map(([name, value]) => [name, String(value)])
  sendJson(res, { auth_time, aud: sub, unique_name, sub: aud, ...Object.fromEntries(texts) })
}
