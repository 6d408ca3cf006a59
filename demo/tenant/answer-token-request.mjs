import { askProvider } from './ask-provider.mjs'
import { authenticateClient } from './authenticate-client.mjs'
import { issueTokens } from './issue-tokens.mjs'
import { sendJson } from './send-json.mjs'
import { findUserByPassword } from './users.mjs'

/**
 * @typedef {import('./start-tenant.mjs').TenantParts} TenantParts
 * @typedef {import('./create-apps.mjs').App} App
 * @typedef {{ error: string, error_description: string }} TokenError
 * @typedef {{ form: Record<string, string>, asked?: Partial<import('./ask-provider.mjs').Asked> }} TokenRequest
 */

/** In the words of the recordings. */
const NOT_ALLOWED = {
  error: 'access_denied',
  error_description: 'invalid client creds or client not allowed',
}
const UNKNOWN_CODE = {
  error: 'invalid_grant',
  error_description: 'supplied code does not match known request',
}
const CHALLENGE_MISMATCH = { error: 'invalid_grant', error_description: 'challenge mismatch' }

/** Not recorded by anybody: in the manner of the others. */
const UNKNOWN_REFRESH_TOKEN = {
  error: 'invalid_grant',
  error_description: 'supplied refresh token does not match known request',
}
const WRONG_PASSWORD = { error: 'invalid_grant', error_description: 'invalid user creds' }
const NO_RUN_PERMISSION = {
  error: 'access_denied',
  error_description: 'the user does not have the Run permission: ask your administrator',
}
const FORM_ONLY = { error: 'invalid_request', error_description: 'the body has to be a form' }

/**
 * `POST /OAuth2/Token/{app}`
 *
 * @param {TenantParts} tenant
 * @param {App} app
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
export async function answerTokenRequest(tenant, app, req, res) {
  const request = judgeTokenRequest(tenant, app, req)
  const reply =
    'error' in request
      ? request
      : await inTurn(app, () => redeem(tenant, app, request, req.get('dpop')))
  res.set('Cache-Control', 'no-store')
  if (!('error' in reply)) return sendJson(res, reply)
  if (tenant.switches.tokenErrorType === 'json') return sendJson(res, reply, 400)
  res.status(400).end(JSON.stringify(reply))
}

/**
 * Checks the client and what the tenant lets it do.
 *
 * @param {TenantParts} tenant
 * @param {App} app
 * @param {import('express').Request} req
 * @returns {TokenRequest | TokenError}
 */
function judgeTokenRequest(tenant, app, req) {
  const body = readBody(req, tenant.switches.jsonPassword === 'accepted')
  if (body === undefined) return FORM_ONLY
  const client = authenticateClient(tenant, app, req, body)
  if (client === undefined) return NOT_ALLOWED
  const form = { ...body, client_id: client.clientId }
  if (body.grant_type === 'password') return judgePassword(tenant, app, req, form)
  const mayGo =
    client.hasSecret ||
    (body.grant_type === 'refresh_token'
      ? tenant.switches.refresh === 'allowed'
      : body.code_verifier !== undefined)
  return mayGo || !isGrantType(body.grant_type) ? { form } : NOT_ALLOWED
}

/**
 * The vendor's guide: client id and secret by HTTP Basic, the user's password in the body.
 *
 * @param {TenantParts} tenant
 * @param {App} app
 * @param {import('express').Request} req
 * @param {Record<string, string>} form
 * @returns {TokenRequest | TokenError}
 */
function judgePassword(tenant, app, req, form) {
  const isBasic = /^basic /i.test(req.headers.authorization ?? '')
  if (app.kind !== 'oauth2-client' || !isBasic) return NOT_ALLOWED
  const { username, user_name = username, password, ...rest } = form
  const user = findUserByPassword(tenant.users, user_name, password)
  if (user === undefined) return WRONG_PASSWORD
  return user.canRun ? { form: rest, asked: { user } } : NO_RUN_PERMISSION
}

/**
 * @param {TenantParts} tenant
 * @param {App} app
 * @param {TokenRequest} request
 * @param {string | undefined} proof
 */
async function redeem(tenant, app, { form, asked = {} }, proof) {
  const { client_secret, ...rest } = form
  const reply = await askProvider(app.provider, {
    method: 'POST',
    path: `/OAuth2/Token/${app.id}`,
    form: new URLSearchParams(rest),
    ...(proof !== undefined && { proof }),
    asked,
  })
  return reply.status === 200
    ? issueTokens(tenant, app, reply, form.grant_type ?? '')
    : translateError(reply, form.grant_type ?? '')
}

/**
 * @param {import('./ask-provider.mjs').ProviderReply} reply
 * @param {string} grantType
 * @returns {TokenError}
 */
function translateError({ body, error }, grantType) {
  if (grantType === 'authorization_code') {
    const why = `${error?.error_detail} ${error?.error_description}`
    if (/code_verifier|code_challenge/.test(why)) return CHALLENGE_MISMATCH
    if (body.error === 'invalid_grant') return UNKNOWN_CODE
  }
  if (grantType === 'refresh_token' && body.error === 'invalid_grant') return UNKNOWN_REFRESH_TOKEN
  return body
}

/**
 * Answers the token requests of an app one after the other: a code or refresh token that comes twice
 * at once is then found out like one that comes twice in a row.
 *
 * @template T
 * @param {App} app
 * @param {() => Promise<T>} answer
 * @returns {Promise<T>}
 */
function inTurn(app, answer) {
  const turn = app.lastTokenRequest.then(answer, answer)
  app.lastTokenRequest = turn
  return turn
}

/**
 * @param {import('express').Request} req
 * @param {boolean} acceptsJson
 * @returns {Record<string, string> | undefined}
 */
function readBody(req, acceptsJson) {
  if (!req.is('json')) return Object.fromEntries(new URLSearchParams(req.body))
  try {
    const body = acceptsJson ? JSON.parse(req.body) : undefined
    return body?.grant_type === 'password' ? body : undefined
  } catch {
    return undefined
  }
}

/** @param {string | undefined} grantType */
function isGrantType(grantType) {
  return grantType === 'authorization_code' || grantType === 'refresh_token'
}
