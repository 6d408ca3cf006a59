import { issuerOf } from './addresses.mjs'
import { html } from './html.mjs'
import { sendErrorPage } from './send-error-page.mjs'
import { sendRedirect } from './send-redirect.mjs'

/** The script of the form page, and its hash for the policy of that page. */
const SUBMIT = 'document.forms[0].submit()'
const SUBMIT_HASH = 'sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE='

/**
 * Sends the browser back to the app.
 *
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {import('./create-apps.mjs').App} app
 * @param {import('express').Response} res
 * @param {import('./read-authorization-request.mjs').AuthorizationRequest} request
 * @param {Record<string, string>} answer
 */
export function sendAuthorizationResponse(tenant, app, res, { asked, redirectUri }, answer) {
  const state = asked.get('state')
  const echoed = state !== null && (!answer.error || tenant.switches.stateOnErrors === 'echoed')
  const parameters = {
    ...answer,
    ...(echoed && { state }),
    ...(tenant.switches.issParameter === 'sent' && { iss: issuerOf(tenant, app) }),
  }
  const mode = asked.get('response_mode') ?? 'query'
  if (mode === 'form_post') return sendForm(res, redirectUri, parameters)
  if (mode !== 'query' && mode !== 'fragment') return sendModePage(res, mode)
  const joint = mode === 'fragment' ? '#' : redirectUri.includes('?') ? '&' : '?'
  sendRedirect(res, redirectUri + joint + formatParameters(parameters))
}

/**
 * Spaces as `%20`, as recorded.
 *
 * @param {Record<string, string>} parameters
 */
function formatParameters(parameters) {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
}

/**
 * @param {import('express').Response} res
 * @param {string} action
 * @param {Record<string, string>} parameters
 */
function sendForm(res, action, parameters) {
  const inputs = Object.entries(parameters).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  res.set('Content-Security-Policy', `default-src 'none'; script-src '${SUBMIT_HASH}'`)
  res.set('Cache-Control', 'no-store')
  res.type('html').send(
    String(html`<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Back to the app</title></head>
  <body>
    <form method="post" action="${action}">
      ${inputs}
      <noscript><button type="submit">Continue</button></noscript>
    </form>
    <script>${SUBMIT}</script>
  </body>
</html>
`),
  )
}

/**
 * @param {import('express').Response} res
 * @param {string} mode
 */
function sendModePage(res, mode) {
  sendErrorPage(res, {
    title: 'This request cannot be answered',
    what: `The app wants an answer in a way this tenant does not know: “${mode}”.`,
  })
}
