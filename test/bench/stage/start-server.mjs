// @ts-check
import { createServer } from 'node:https'
import { makeCertificate } from './make-certificate.mjs'
import { appPage, EMPTY_PAGE, PARKED_PAGE, SILENT_PAGE } from './pages.mjs'
import { startProvider } from './start-provider.mjs'

/** The site that apps, provider and API are hosts of. */
export const DOMAIN = 'bench.example'

/** @typedef {{ method: string; path: string }} SeenRequest */

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */

/**
 * Provider, API and apps on hosts of one site, by TLS.
 *
 * @param {ReadonlyMap<string, string>} scripts Those of the apps, each in a folder of its name.
 */
export async function startServer(scripts) {
  const { cert, key, hash } = await makeCertificate(DOMAIN)
  const server = createServer({ cert, key })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  const originOf = (/** @type {string} */ host) => `https://${host}.${DOMAIN}:${port}`
  const origin = originOf('app')
  const issuer = `${originOf('login')}/`
  const api = `${originOf('api')}/`
  const homeOf = (/** @type {string} */ name) => `${origin}/${name}/`
  const places = [...scripts.keys()].flatMap((name) =>
    ['', 'callback', 'silent.html'].map((file) => homeOf(name) + file),
  )
  const provider = await startProvider(issuer, api, places)

  let latency = 0
  let open = 0
  let isParked = false
  /** @type {SeenRequest[]} */
  let seen = []

  /** @param {Request} request @param {Response} response @param {string} path */
  const answerAsProvider = async (request, response, path) => {
    seen.push({ method: request.method ?? '', path })
    open++
    response.on('close', () => open--)
    if (latency) await new Promise((resolve) => setTimeout(resolve, latency))
    await provider.handle(request, response)
  }
  /** @param {Response} response */
  const answerAsApi = (response) => {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', 'authorization')
    response.setHeader('access-control-max-age', '7200')
    response.end('{}')
  }
  /** @param {Response} response @param {string} path */
  const answerAsApp = (response, path) => {
    const [, name = '', file = ''] = path.split('/')
    if (file === 'app.js') {
      response.setHeader('content-type', 'text/javascript')
      response.setHeader('cache-control', 'max-age=31536000, immutable')
      return response.end(scripts.get(name))
    }
    response.setHeader('content-type', 'text/html')
    // Times in the page are to be had in steps of 5 microseconds, and not of 100.
    const isTimed = file === 'timed'
    if (isTimed) response.setHeader('document-isolation-policy', 'isolate-and-credentialless')
    if (isParked) return response.end(PARKED_PAGE)
    if (!scripts.has(name)) return response.end(EMPTY_PAGE)
    if (file === 'silent.html') return response.end(SILENT_PAGE)
    const settings = {
      issuer,
      clientId: provider.clientId,
      home: homeOf(name),
      redirectUri: `${homeOf(name)}callback`,
      scope: ['openid', 'profile', 'api.read'],
      api,
    }
    return response.end(appPage(name, settings, isTimed))
  }
  server.on('request', (request, response) => {
    const { origin: host, pathname } = new URL(request.url ?? '', `https://${request.headers.host}`)
    if (issuer === `${host}/`) void answerAsProvider(request, response, pathname)
    else if (api === `${host}/`) answerAsApi(response)
    else answerAsApp(response, pathname)
  })
  return {
    /** The hash of the key that a browser has to trust. */
    hash,
    origin,
    homeOf,
    /** The requests to the provider since this was last called. */
    takeRequests() {
      const taken = seen
      seen = []
      return taken
    },
    /** @param {number} milliseconds that the provider takes longer for each answer */
    setLatency(milliseconds) {
      latency = milliseconds
    },
    /** @param {boolean} parked whether all pages are empty ones */
    park(parked) {
      isParked = parked
    },
    /** Until the provider has nothing to do, and pages have had the time to ask it for more. */
    async whenIdle() {
      do await new Promise((resolve) => setTimeout(resolve, 60))
      while (open > 0)
    },
    closeServer() {
      server.closeAllConnections()
      server.close()
    },
  }
}
