import { formatCloudRedirect, readCloudRedirect } from './bounces.mjs'
import { html } from './html.mjs'
import { isFromElsewhere } from './is-from-elsewhere.mjs'
import { sendErrorPage } from './send-error-page.mjs'
import { sendPage } from './send-page.mjs'
import { sendRedirect } from './send-redirect.mjs'
import { findUserByPassword } from './users.mjs'

/** @typedef {import('./start-tenant.mjs').TenantParts} TenantParts */

/**
 * `GET /login`
 *
 * @param {TenantParts} tenant
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
export function showSignInPage(tenant, req, res) {
  const { cloudRedirect } = req.query
  const username = readCloudRedirect(tenant, cloudRedirect)?.asked.get('login_hint') ?? ''
  sendSignInPage(tenant, res, { cloudRedirect, username })
}

/**
 * `POST /login`: begins the single sign-on session and goes on to the app.
 *
 * @param {TenantParts} tenant
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
export function signIn(tenant, req, res) {
  if (isFromElsewhere(req)) return sendElsewherePage(res)
  const form = new URLSearchParams(req.body)
  const cloudRedirect = form.get('cloudRedirect') ?? ''
  const username = form.get('username') ?? ''
  const user = findUserByPassword(tenant.users, username, form.get('password'))
  if (user === undefined) {
    const error = 'That user name and password do not go together. Check both and try again.'
    return sendSignInPage(tenant, res, { cloudRedirect, username, error })
  }
  const session = tenant.sessions.begin(res, user)
  const destination = readCloudRedirect(tenant, cloudRedirect)
  if (destination?.bounce === undefined) return sendRedirect(res, destination?.path ?? '/')
  const { app, query, bounce } = destination
  const next = tenant.bounces.start(query, { ...bounce, sessionId: session.id })
  sendRedirect(res, `/${formatCloudRedirect(app, next)}`)
}

/** @param {import('express').Response} res */
function sendElsewherePage(res) {
  sendErrorPage(res, {
    status: 403,
    title: 'Sign-in refused',
    what: 'This sign-in was sent by a page that is not one of this tenant.',
    remedy: 'Go back to the app and start again there.',
  })
}

/**
 * @param {TenantParts} tenant
 * @param {import('express').Response} res
 * @param {{ cloudRedirect: unknown, username: string, error?: string }} state
 */
function sendSignInPage(tenant, res, { cloudRedirect, username, error }) {
  const app = readCloudRedirect(tenant, cloudRedirect)?.app
  const userIsKnown = username !== '' && error === undefined
  const main = html`
      <h1>Sign in</h1>
      <p class="lead">to continue to ${app?.name ?? 'the demo tenant'}</p>
      ${error && html`<p class="error" role="alert" id="sign-in-error">${error}</p>`}
      <form method="post" action="/login">
        <input type="hidden" name="cloudRedirect" value="${cloudRedirect}">
        <label for="username">User name</label>
        <input id="username" name="username" value="${username}" autocomplete="username"
          autocapitalize="none" spellcheck="false" required${!userIsKnown && html` autofocus`}
          ${error && html`aria-invalid="true" aria-describedby="sign-in-error"`}>
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password"
          required${userIsKnown && html` autofocus`}
          ${error && html`aria-invalid="true" aria-describedby="sign-in-error"`}>
        <p class="actions"><button type="submit">Sign in</button></p>
      </form>`
  sendPage(res, { title: 'Sign in', main, aside: listUsers(tenant) })
}

/** @param {TenantParts} tenant */
function listUsers(tenant) {
  const users = [...tenant.users.values()].map(
    ({ username, password, about }) => html`
        <dt>${username}</dt>
        <dd><code>${password}</code><span>${about}</span></dd>`,
  )
  return html`
      <h2 id="note-title">Who can sign in here</h2>
      <dl>${users}</dl>`
}
