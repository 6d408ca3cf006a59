import { askProvider } from './ask-provider.mjs'
import { authenticateClient } from './authenticate-client.mjs'
import { sendNotFoundPage } from './send-error-page.mjs'
import { sendJson } from './send-json.mjs'

/**
 * `POST /OAuth2/Push/{app}`: keeps an authorization request, once the provider has found nothing
 * wrong with it, and answers with a reference to it (RFC 9126 §2).
 *
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {import('./create-apps.mjs').App} app
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
export async function pushAuthorization(tenant, app, req, res) {
  if (!app.isStandard) return sendNotFoundPage(res)
  const form = Object.fromEntries(new URLSearchParams(req.body))
  const client = authenticateClient(tenant, app, req, form)
  res.set('Cache-Control', 'no-store')
  if (client === undefined) return sendJson(res, { error: 'invalid_client' }, 401)
  const { client_secret, ...rest } = form
  const parameters = new URLSearchParams({ ...rest, client_id: client.clientId })
  const proof = req.get('dpop')
  const { status, body, oidc } = await askProvider(app.provider, {
    method: 'POST',
    path: `/OAuth2/Push/${app.id}`,
    form: parameters,
    ...(proof !== undefined && { proof }),
    asked: { pkceRequired: tenant.switches[app.clientTypeSwitch] === 'List' },
  })
  if (status === 201) {
    const { dpopJkt } = oidc.entities.PushedAuthorizationRequest
    if (dpopJkt !== undefined) parameters.set('dpop_jkt', dpopJkt)
    const expiresAt = Date.now() + body.expires_in * 1000
    tenant.pushed.keep(body.request_uri, { clientId: client.clientId, parameters, expiresAt })
  }
  sendJson(res, body, status)
}
