import { formatCloudRedirect, readCloudRedirect } from './bounces.mjs'
import { html } from './html.mjs'
import { isFromElsewhere } from './is-from-elsewhere.mjs'
import { knownScopes, TENANT_SCOPES } from './scopes.mjs'
import { sendErrorPage } from './send-error-page.mjs'
import { sendPage } from './send-page.mjs'
import { sendRedirect } from './send-redirect.mjs'

/** @typedef {import('./start-tenant.mjs').TenantParts} TenantParts */

/**
 * `GET /consent`
 *
 * @param {TenantParts} tenant
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
export function showConsentPage(tenant, req, res) {
  const { cloudRedirect } = req.query
  const request = readCloudRedirect(tenant, cloudRedirect)
  const session = tenant.sessions.read(req)
  if (request?.bounce === undefined || session === undefined) return sendOverPage(res)
  const main = html`
      <h1>Allow ${request.app.name}?</h1>
      <p class="lead">${request.app.name} asks for your permission, ${session.user.username}, to:</p>
      <ul class="scopes">${knownScopes(request.asked.get('scope') ?? '').map(describeScope)}</ul>
      <form method="post" action="/consent">
        <input type="hidden" name="cloudRedirect" value="${cloudRedirect}">
        <p class="actions">
          <button type="submit" name="decision" value="allow">Allow</button>
          <button type="submit" name="decision" value="deny" class="quiet">Deny</button>
        </p>
      </form>`
  sendPage(res, { title: 'Consent', main })
}

/**
 * `POST /consent`: notes the decision and goes back to the authorization request.
 *
 * @param {TenantParts} tenant
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
export function decideConsent(tenant, req, res) {
  const form = new URLSearchParams(req.body)
  const request = readCloudRedirect(tenant, form.get('cloudRedirect'))
  const session = tenant.sessions.read(req)
  if (isFromElsewhere(req) || request?.bounce === undefined || session === undefined) {
    return sendOverPage(res)
  }
  const { app, query, asked, bounce } = request
  const consent = form.get('decision') === 'allow' ? 'allowed' : 'denied'
  if (consent === 'allowed') {
    const scopes = knownScopes(asked.get('scope') ?? '')
    tenant.consents.add(session.user, app, asked.get('client_id') ?? '', scopes)
  }
  const next = tenant.bounces.start(query, { ...bounce, consent })
  sendRedirect(res, `/${formatCloudRedirect(app, next)}`)
}

/** @param {string} name */
function describeScope(name) {
  return html`
        <li>${TENANT_SCOPES[name]?.about} <code>${name}</code></li>`
}

/** @param {import('express').Response} res */
function sendOverPage(res) {
  sendErrorPage(res, {
    title: 'This request is over',
    what: 'The tenant does not know this request for consent, or you have signed out meanwhile.',
    remedy: 'Go back to the app and start again there.',
  })
}
