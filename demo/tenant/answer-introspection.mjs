import { authenticateClient } from './authenticate-client.mjs'
import { findAccessToken } from './find-access-token.mjs'
import { sendJson } from './send-json.mjs'

/**
 * `POST /OAuth2/Introspect/{app}`, for clients with a secret.
 *
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {import('./create-apps.mjs').App} app
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
export async function answerIntrospection(tenant, app, req, res) {
  const body = Object.fromEntries(new URLSearchParams(req.body))
  const client = authenticateClient(tenant, app, req, body)
  if (!client?.hasSecret) {
    const error_description = 'invalid client creds or client not allowed'
    return sendJson(res, { error: 'access_denied', error_description }, 400)
  }
  const record = await findAccessToken(tenant, body.token)
  res.set('Cache-Control', 'no-store')
  if (record?.app !== app) return sendJson(res, { active: false })
  const { claims } = record
  sendJson(res, { active: true, client_id: claims.aud, token_type: 'Bearer', ...claims })
}
