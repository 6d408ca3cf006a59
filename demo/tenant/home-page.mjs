import { html } from './html.mjs'
import { sendPage } from './send-page.mjs'

/**
 * `GET /`: who is signed in at the tenant, and a way out.
 *
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
export function showHomePage(tenant, req, res) {
  const session = tenant.sessions.read(req)
  const who =
    session === undefined
      ? html`<p>Nobody is signed in here. <a href="/login">Sign in</a></p>`
      : html`<p>You are signed in as <strong>${session.user.username}</strong>.
          <a href="/oauth2/endsession">Sign out</a></p>`
  const apps = [...tenant.apps.values()].map(({ id, name }) => html`<dt>${name}</dt><dd>${id}</dd>`)
  const main = html`
      <h1>Your apps</h1>
      <p class="lead">at the demo tenant</p>
      <dl>${apps}</dl>
      ${who}`
  sendPage(res, { title: 'Home', main })
}
