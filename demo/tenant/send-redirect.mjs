import { html } from './html.mjs'

/**
 * Redirects as these tenants do, with a body that says so.
 *
 * @param {import('express').Response} res
 * @param {string} location
 */
export function sendRedirect(res, location) {
  const body = html`<html><head><title>Object moved</title></head><body>
<h2>Object moved to <a href="${location}">here</a>.</h2>
</body></html>
`
  res.status(302).set({ Location: location, 'Cache-Control': 'no-store' })
  res.type('html').send(String(body).replaceAll('\n', '\r\n'))
}
