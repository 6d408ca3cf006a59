import { findAccessToken, readBearerToken } from './find-access-token.mjs'
import { TENANT_SCOPES } from './scopes.mjs'
import { sendJson } from './send-json.mjs'
import { addUser, findUserBySub } from './users.mjs'

/** @typedef {import('./start-tenant.mjs').TenantParts} TenantParts */

/**
 * Lets a request through to the tenant's own REST API if its bearer token is one of an OAuth2 Client
 * app and one of its scopes opens the path.
 *
 * @param {TenantParts} tenant
 * @returns {import('express').RequestHandler}
 */
export function requireRestScope(tenant) {
  return async (req, res, next) => {
    const record = await findAccessToken(tenant, readBearerToken(req))
    if (record?.app.kind !== 'oauth2-client') {
      res.set('WWW-Authenticate', 'Bearer')
      return sendFault(res, 401, 'This call needs a bearer token.')
    }
    const scopes = String(record.claims.scope).split(' ')
    const opens = scopes.some((scope) =>
      TENANT_SCOPES[scope]?.rest.some((path) => path.test(req.path)),
    )
    if (!opens) {
      return sendFault(res, 403, 'No scope of the token opens this path.')
    }
    res.locals.user = findUserBySub(tenant.users, record.claims.sub)
    next()
  }
}

/**
 * `GET /cdirectoryservice/getuser`: the user of the token.
 *
 * @param {import('express').Request} _req
 * @param {import('express').Response} res
 */
export function getUser(_req, res) {
  const { sub, username, name, email } = res.locals.user
  sendResult(res, { Uuid: sub, Name: username, DisplayName: name, Mail: email })
}

/**
 * `POST /cdirectoryservice/createuser`: answers with the UUID of the new user.
 *
 * @param {TenantParts} tenant
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
export function createUser(tenant, req, res) {
  const { Name, Password, DisplayName, Mail } = readJson(req.body)
  if (typeof Name !== 'string' || typeof Password !== 'string') {
    return sendFault(res, 400, 'Name and Password are required.')
  }
  if (tenant.users.has(Name.toLowerCase())) {
    return sendFault(res, 409, `There is a user ${Name} already.`)
  }
  const details = { username: Name, password: Password, name: DisplayName, email: Mail }
  sendResult(res, addUser(tenant.users, details).sub)
}

/**
 * @param {import('express').Response} res
 * @param {unknown} result
 */
function sendResult(res, result) {
  sendJson(res, { success: true, Result: result, Message: null })
}

/**
 * @param {import('express').Response} res
 * @param {number} status
 * @param {string} message
 */
function sendFault(res, status, message) {
  sendJson(res, { success: false, Result: null, Message: message }, status)
}

/** @param {string} text */
function readJson(text) {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}
