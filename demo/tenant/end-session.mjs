import { issuerOf } from './addresses.mjs'
import { html } from './html.mjs'
import { sendErrorPage } from './send-error-page.mjs'
import { sendPage } from './send-page.mjs'
import { sendRedirect } from './send-redirect.mjs'

/** @typedef {import('./start-tenant.mjs').TenantParts} TenantParts */

/**
 * `/OAuth2/EndSessionV2/{app}`: strict. Nothing happens before everything has been checked.
 *
 * @param {TenantParts} tenant
 * @param {import('./create-apps.mjs').App} app
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
export async function endSession(tenant, app, req, res) {
  const query = new URLSearchParams(
    req.method === 'POST' ? req.body : new URL(req.url, tenant.url).search,
  )
  const claims = await tenant.keys.verify(query.get('id_token_hint') ?? '')
  const session = tenant.sessions.read(req)
  const fault = findHintFault(tenant, app, claims, session)
  if (fault !== undefined) return sendRefusal(res, fault)
  const destination = query.get('post_logout_redirect_uri')
  if (destination !== null && !app.postLogoutRedirectUris.has(destination)) {
    return sendRefusal(res, {
      what: `${app.name} wants to go on to an address that is not among its post-logout redirect URIs.`,
      detail: destination,
    })
  }
  tenant.sessions.end(req, res)
  if (destination === null) return sendSignedOutPage(res)
  const state = query.get('state')
  const joint = destination.includes('?') ? '&' : '?'
  const suffix = state === null ? '' : `${joint}state=${encodeURIComponent(state)}`
  sendRedirect(res, destination + suffix)
}

/**
 * `GET /oauth2/endsession`: goes by the cookie alone, does not look at any hint and redirects
 * anywhere. Documented so, and kept so, because an app has to know it cannot rely on more.
 *
 * @param {TenantParts} tenant
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
export function endSessionLegacy(tenant, req, res) {
  tenant.sessions.end(req, res)
  sendRedirect(res, String(req.query.post_logout_redirect_uri ?? '/'))
}

/**
 * The time of the hint does not matter: one signs out of a session that has lasted longer than its
 * first ID token, too.
 *
 * @param {TenantParts} tenant
 * @param {import('./create-apps.mjs').App} app
 * @param {Record<string, unknown> | undefined} claims
 * @param {import('./create-sessions.mjs').SignInSession | undefined} session
 */
function findHintFault(tenant, app, claims, session) {
  if (claims === undefined) {
    return { what: 'The request has no id_token_hint, or one that this tenant has not issued.' }
  }
  if (claims.iss !== issuerOf(tenant, app) || !app.clientIds.includes(String(claims.aud))) {
    return { what: 'The id_token_hint was issued for another application.' }
  }
  if (session !== undefined && session.user.sub !== claims.sub) {
    return { what: 'The id_token_hint is about somebody else than the user who is signed in.' }
  }
  return undefined
}

/**
 * @param {import('express').Response} res
 * @param {{ what: string, detail?: string }} fault
 */
function sendRefusal(res, fault) {
  const remedy = 'You are still signed in at the tenant. Go back to the app and sign out again.'
  sendErrorPage(res, { title: 'Sign-out refused', remedy, ...fault })
}

/** @param {import('express').Response} res */
function sendSignedOutPage(res) {
  const main = html`
      <h1>You are signed out</h1>
      <p>This tenant has ended your session. You may close this window.</p>`
  sendPage(res, { title: 'Signed out', main })
}
