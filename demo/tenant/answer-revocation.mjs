import { authenticateClient } from './authenticate-client.mjs'
import { findAccessToken } from './find-access-token.mjs'
import { sendJson } from './send-json.mjs'

/**
 * `POST /OAuth2/Revoke/{app}`, which the metadata does not mention. It answers 200 for a token that
 * it does not know, as RFC 7009 §2.2 has it.
 *
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {import('./create-apps.mjs').App} app
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
export async function answerRevocation(tenant, app, req, res) {
  const body = new URLSearchParams(req.body)
  const client = authenticateClient(tenant, app, req, Object.fromEntries(body))
  const mayGo = client?.hasSecret || tenant.switches.revokeWithoutSecret === 'allowed'
  if (client === undefined || !mayGo) {
    const error_description = 'invalid client creds or client not allowed'
    return sendJson(res, { error: 'access_denied', error_description }, 400)
  }
  const value = body.get('token') ?? ''
  await revokeAccessToken(tenant, app, client.clientId, value)
  await revokeFamily(app, client.clientId, value)
  res.status(200).end()
}

/**
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {import('./create-apps.mjs').App} app
 * @param {string} clientId
 * @param {string} jwt
 */
async function revokeAccessToken(tenant, app, clientId, jwt) {
  const record = await findAccessToken(tenant, jwt)
  if (record?.app !== app || record.claims.aud !== clientId) return
  const token = await app.provider.AccessToken.find(record.id)
  await token?.destroy()
}

/**
 * A refresh token takes everything along that came of the same sign-in.
 *
 * @param {import('./create-apps.mjs').App} app
 * @param {string} clientId
 * @param {string} value
 */
async function revokeFamily({ provider }, clientId, value) {
  const token = await provider.RefreshToken.find(value)
  if (token?.clientId !== clientId) return
  const { grantId = '' } = token
  await provider.AccessToken.revokeByGrantId(grantId)
  await provider.RefreshToken.revokeByGrantId(grantId)
  const grant = await provider.Grant.find(grantId)
  await grant?.destroy()
}
