import { html } from './html.mjs'
import { sendPage } from './send-page.mjs'

/**
 * Sends one of the tenant's error pages. Like a real tenant's they are HTML wherever they come
 * from, so an app that expects JSON there has to cope.
 *
 * @param {import('express').Response} res
 * @param {{ status?: number, title: string, what: string, remedy?: string, detail?: string }} error
 */
export function sendErrorPage(res, { status = 400, title, what, remedy, detail }) {
  const main = html`
      <h1>${title}</h1>
      <p>${what}</p>
      ${remedy && html`<p>${remedy}</p>`}
      ${detail && html`<p class="detail"><code>${detail}</code></p>`}`
  sendPage(res, { status, title, main })
}

/** @param {import('express').Response} res */
export function sendNotFoundPage(res) {
  sendErrorPage(res, {
    status: 404,
    title: 'Page not found',
    what: 'There is nothing at this address of the tenant.',
    remedy: 'Check the name of the application in the address.',
  })
}
