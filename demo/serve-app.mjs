import express from 'express'
import { APP_FILES } from './build-demo.mjs'
import { listenOnLoopback } from './tenant/listen-on-loopback.mjs'

const CALLBACK = '/callback'

/**
 * @typedef {object} AppServer
 * @property {string} url
 * @property {() => Promise<void>} stop
 */

/**
 * Serves Tax eFile: its files, its settings in `/config.json`, the callback page, and `index.html` for
 * every other address that a browser navigates to.
 *
 * @param {object} options
 * @param {number} [options.port] 0, the default, for any free one
 * @param {string} [options.hostname] the host in the app's address
 * @param {() => object} options.readConfig what `/config.json` says
 * @param {() => string[]} options.readOrigins the origins the app may talk to
 * @returns {Promise<AppServer>}
 */
export async function serveApp({ port, hostname = 'localhost', readConfig, readOrigins }) {
  const app = express()
  app.disable('x-powered-by')
  app.use((req, res, next) => {
    res.set({
      'Content-Security-Policy': formatPolicy(readOrigins(), req.path === CALLBACK),
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    })
    next()
  })
  app.get('/config.json', (_req, res) => {
    res.set('Cache-Control', 'no-store').json(readConfig())
  })
  // The names of these files change with their contents.
  app.use('/assets', express.static(`${APP_FILES}/assets`, { immutable: true, maxAge: '1y' }))
  app.use(express.static(APP_FILES, { index: false }))
  app.get('/{*path}', (req, res) => {
    const isPage = req.accepts('html') && !req.path.startsWith('/assets/')
    if (!isPage) return void res.sendStatus(404)
    const page = req.path === CALLBACK ? 'callback.html' : 'index.html'
    res.set('Cache-Control', 'no-cache').sendFile(page, { root: APP_FILES })
  })
  const server = await listenOnLoopback(app, port)
  return { url: `http://${hostname}:${server.port}`, stop: server.close }
}

/**
 * @param {string[]} origins
 * @param {boolean} isCallback whether a page of this app may frame it: that is how a hidden frame ends
 */
function formatPolicy(origins, isCallback) {
  const others = [...new Set(origins)].join(' ')
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${others}`,
    `frame-src 'self' ${others}`,
    `form-action 'self' ${others}`,
    `frame-ancestors ${isCallback ? "'self'" : "'none'"}`,
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
}
