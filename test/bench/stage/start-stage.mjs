// @ts-check
import { chromium } from 'playwright-core'
import { findBrowser } from '../../browsers/find-browser.mjs'
import { bundleApp } from './bundle-app.mjs'
import { DOMAIN, startServer } from './start-server.mjs'

/**
 * What all items in the browser are measured on.
 *
 * @typedef {Awaited<ReturnType<typeof startStage>>} Stage
 */

/** @param {readonly string[]} names The apps. */
export async function startStage(names) {
  const scripts = await Promise.all(names.map((name) => bundleApp(name)))
  const server = await startServer(new Map(names.map((name, at) => [name, scripts[at] ?? ''])))
  const browser = await launch(server.hash)
  return {
    ...server,
    browser,
    async close() {
      await browser.close()
      server.closeServer()
    },
  }
}

/** @param {string} hash of the key that is trusted */
function launch(hash) {
  const executablePath = findBrowser('chromium')
  if (!executablePath) {
    throw new Error('No Chromium was found: run `npm test` once, which installs it.')
  }
  return chromium.launch({
    executablePath,
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      '--no-first-run',
      '--disable-background-networking',
      `--host-resolver-rules=MAP *.${DOMAIN} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`,
      `--ignore-certificate-errors-spki-list=${hash}`,
    ],
  })
}
