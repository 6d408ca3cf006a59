import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import express from 'express'
import { answerIntrospection } from './answer-introspection.mjs'
import { answerRevocation } from './answer-revocation.mjs'
import { answerTokenRequest } from './answer-token-request.mjs'
import { answerUserInfo } from './answer-user-info.mjs'
import { authorize } from './authorize.mjs'
import { decideConsent, showConsentPage } from './consent-page.mjs'
import { cors } from './cors.mjs'
import { createUser, getUser, requireRestScope } from './directory-service.mjs'
import { endSession, endSessionLegacy } from './end-session.mjs'
import { showHomePage } from './home-page.mjs'
import { logRequests } from './log-requests.mjs'
import { describeApp, describeDecoy, sendMetadata } from './metadata.mjs'
import { pushAuthorization } from './push-authorization.mjs'
import { sendErrorPage, sendNotFoundPage } from './send-error-page.mjs'
import { showSignInPage, signIn } from './sign-in-page.mjs'

/**
 * @typedef {import('./start-tenant.mjs').TenantParts} TenantParts
 * @typedef {(tenant: TenantParts, app: import('./create-apps.mjs').App,
 *   req: import('express').Request, res: import('express').Response) => void | Promise<void>} Endpoint
 */

const STYLE_SHEET = fileURLToPath(new URL('tenant.css', import.meta.url))

/**
 * The tenant's addresses. Express matches them in any case, as these tenants do.
 *
 * @param {TenantParts} tenant
 * @returns {import('express').Express}
 */
export function createTenantRoutes(tenant) {
  const routes = express().disable('x-powered-by').disable('etag')
  routes.use(express.text({ type: () => true }), logRequests(tenant.log), holdBack(tenant))
  routes.use(denyFrames(tenant))
  addPages(routes, tenant)
  addMetadata(routes, tenant)
  addEndpoints(routes, tenant)
  addDirectoryService(routes, tenant)
  routes.use((_req, res) => sendNotFoundPage(res))
  routes.use(sendServerError)
  return routes
}

/**
 * @param {import('express').Express} routes
 * @param {TenantParts} tenant
 */
function addPages(routes, tenant) {
  routes.get('/', (req, res) => showHomePage(tenant, req, res))
  routes.get('/health', (_req, res) => res.json({ status: 'ok' }))
  routes.get('/tenant.css', (_req, res) => res.sendFile(STYLE_SHEET))
  routes.get('/favicon.ico', (_req, res) => res.status(204).end())
  routes.get('/login', (req, res) => showSignInPage(tenant, req, res))
  routes.post('/login', (req, res) => signIn(tenant, req, res))
  routes.get('/consent', (req, res) => showConsentPage(tenant, req, res))
  routes.post('/consent', (req, res) => decideConsent(tenant, req, res))
}

/**
 * @param {import('express').Express} routes
 * @param {TenantParts} tenant
 */
function addMetadata(routes, tenant) {
  const readable = cors(tenant, 'corsMetadata')
  routes.all('/.well-known/openid-configuration', readable, (_req, res) =>
    sendMetadata(res, describeDecoy(tenant)),
  )
  routes.all('/:app/.well-known/openid-configuration', readable, (req, res) =>
    withApp(tenant, req, res, (app) => sendMetadata(res, describeApp(tenant, app))),
  )
  routes.all(/^\/oauth\/(openid|gettoken|keys|userinfo)$/i, (_req, res) =>
    sendErrorPage(res, {
      status: 404,
      title: 'No such application',
      what: 'This address of the tenant does not serve custom applications.',
      remedy: 'Use the metadata of the application: its name belongs into the address.',
    }),
  )
}

/**
 * @param {import('express').Express} routes
 * @param {TenantParts} tenant
 */
function addEndpoints(routes, tenant) {
  /** @type {(answer: Endpoint) => import('express').RequestHandler} */
  const serve = (answer) => (req, res) =>
    withApp(tenant, req, res, (app) => answer(tenant, app, req, res))
  routes.all('/oauth2/token/:app', cors(tenant, 'corsToken'))
  routes.all('/oauth2/push/:app', cors(tenant, 'corsToken'))
  routes.all('/oauth2/keys/:app', cors(tenant, 'corsKeys'))
  routes.all('/oauth2/userinfo/:app', cors(tenant, 'corsUserinfo'))
  routes.all('/oauth2/revoke/:app', cors(tenant, 'corsRevoke'))
  routes.route('/oauth2/authorize/:app').get(serve(authorize)).post(serve(authorize))
  routes.post('/oauth2/token/:app', serve(answerTokenRequest))
  routes.post('/oauth2/push/:app', serve(pushAuthorization))
  routes.get('/oauth2/keys/:app', serve(sendKeys))
  routes.route('/oauth2/userinfo/:app').get(serve(answerUserInfo)).post(serve(answerUserInfo))
  routes.post('/oauth2/revoke/:app', serve(answerRevocation))
  routes.post('/oauth2/introspect/:app', serve(answerIntrospection))
  routes.route('/oauth2/endsessionv2/:app').get(serve(endSession)).post(serve(endSession))
  routes.get('/oauth2/endsession', (req, res) => endSessionLegacy(tenant, req, res))
}

/**
 * @param {import('express').Express} routes
 * @param {TenantParts} tenant
 */
function addDirectoryService(routes, tenant) {
  const guard = requireRestScope(tenant)
  routes.all('/cdirectoryservice/{*call}', cors(tenant, 'corsRest'))
  routes.get('/cdirectoryservice/getuser', guard, getUser)
  routes.post('/cdirectoryservice/createuser', guard, (req, res) => createUser(tenant, req, res))
}

/** @type {Endpoint} */
function sendKeys(tenant, _app, _req, res) {
  res.json(tenant.keys.publicKeys())
}

/**
 * @param {TenantParts} tenant
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 * @param {(app: import('./create-apps.mjs').App) => void | Promise<void>} answer
 */
function withApp(tenant, req, res, answer) {
  const app = tenant.apps.get(String(req.params.app).toLowerCase())
  return app === undefined ? sendNotFoundPage(res) : answer(app)
}

/**
 * @param {TenantParts} tenant
 * @returns {import('express').RequestHandler}
 */
function holdBack(tenant) {
  return async (_req, _res, next) => {
    const { latency } = tenant.switches
    if (latency > 0) await sleep(latency, undefined, { ref: false })
    next()
  }
}

/**
 * @param {TenantParts} tenant
 * @returns {import('express').RequestHandler}
 */
function denyFrames(tenant) {
  return (_req, res, next) => {
    if (tenant.switches.frames === 'denied') res.set('X-Frame-Options', 'DENY')
    next()
  }
}

/**
 * Express knows an error handler by its four parameters.
 *
 * @param {Error} error
 * @param {import('express').Request} _req
 * @param {import('express').Response} res
 * @param {import('express').NextFunction} next
 */
function sendServerError(error, _req, res, next) {
  console.error(error)
  if (res.headersSent) next(error)
  else sendFaultPage(res, error)
}

/**
 * @param {import('express').Response} res
 * @param {Error} error
 */
function sendFaultPage(res, error) {
  sendErrorPage(res, {
    status: 500,
    title: 'The demo tenant has failed',
    what: 'That is a fault of the demo, not of the app.',
    detail: error.message,
  })
}
