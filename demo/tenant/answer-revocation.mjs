import { authenticateClient } from './authenticate-client.mjs'
import { findAccessToken } from './find-access-token.mjs'

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
  const body = Object.fromEntries(new URLSearchParams(req.body))
  const client = authenticateClient(tenant, app, req, body)
  const mayGo = client?.hasSecret || tenant.switches.revokeWithoutSecret === 'allowed'
  if (client === undefined || !mayGo) {
    const error_description = 'invalid client creds or client not allowed'
    return res.status(400).json({ error: 'access_denied', error_description })
  }
  await revokeAccessToken(tenant, app, client.clientId, body.token)
  await revokeFamily(app, client.clientId, body.token)
  res.status(200).end()
}

/**
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {import('./create-apps.mjs').App} app
 * @param {string} clientId
 * @param {string | undefined} jwt
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
 * @param {string | undefined} value
 */
async function revokeFamily({ provider }, clientId, value) {
  const token = await provider.RefreshToken.find(value)
  if (token?.clientId !== clientId) return
  await provider.AccessToken.revokeByGrantId(token.grantId)
  await provider.RefreshToken.revokeByGrantId(token.grantId)
  const grant = await provider.Grant.find(token.grantId)
  await grant?.destroy()
}
