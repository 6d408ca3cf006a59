import { html } from './html.mjs'

/**
 * Sends a page of the tenant. No scripts; no `form-action` policy, because browsers apply it to the
 * redirect after a form too, and that one leads to the app.
 *
 * @param {import('express').Response} res
 * @param {{ status?: number, title: string, main: unknown, aside?: unknown }} page
 */
export function sendPage(res, { status = 200, title, main, aside }) {
  const frames = res.get('X-Frame-Options') === undefined ? '' : "; frame-ancestors 'none'"
  res.status(status)
  res.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `default-src 'none'; style-src 'self'; base-uri 'none'${frames}`,
    'Referrer-Policy': 'same-origin',
  })
  res.type('html').send(String(layOut(title, main, aside)))
}

/**
 * @param {string} title
 * @param {unknown} main
 * @param {unknown} aside
 */
function layOut(title, main, aside) {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title} – demo tenant</title>
    <link rel="stylesheet" href="/tenant.css">
  </head>
  <body>
    <header class="brand">
      <svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true">
        <path d="M12 2 4 5v6c0 5 3.4 9.3 8 11 4.6-1.7 8-6 8-11V5l-8-3Z" fill="currentColor"></path>
        <path d="m8.5 12 2.5 2.5 4.5-5" fill="none" class="tick"></path>
      </svg>
      <strong>Demo tenant for Tessera</strong>
    </header>
    <main class="card">${main}</main>
    ${aside && html`<aside class="card note" aria-labelledby="note-title">${aside}</aside>`}
    <footer>
      This is a demo. It behaves like a CyberArk Identity tenant, knows made-up users only and
      forgets everything when it stops. Never type a real password here.
    </footer>
  </body>
</html>
`
}
