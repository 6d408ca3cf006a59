import { findAccessToken, readBearerToken } from './find-access-token.mjs'
import { TENANT_SCOPES } from './scopes.mjs'
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
      return res.status(401).json(formatResult(undefined, 'This call needs a bearer token.'))
    }
    const scopes = record.claims.scope.split(' ')
    const opens = scopes.some((scope) =>
      TENANT_SCOPES[scope].rest.some((path) => path.test(req.path)),
    )
    if (!opens) {
      return res.status(403).json(formatResult(undefined, 'No scope of the token opens this path.'))
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
  res.json(formatResult({ Uuid: sub, Name: username, DisplayName: name, Mail: email }))
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
    return res.status(400).json(formatResult(undefined, 'Name and Password are required.'))
  }
  if (tenant.users.has(Name.toLowerCase())) {
    return res.status(409).json(formatResult(undefined, `There is a user ${Name} already.`))
  }
  const details = { username: Name, password: Password, name: DisplayName, email: Mail }
  res.json(formatResult(addUser(tenant.users, details).sub))
}

/**
 * @param {unknown} result
 * @param {string} [message] why there is no result
 */
function formatResult(result = null, message = undefined) {
  return { success: message === undefined, Result: result, Message: message ?? null }
}

/** @param {string} text */
function readJson(text) {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}
