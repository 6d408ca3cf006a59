import { createHash } from 'node:crypto'
import { askProvider } from './ask-provider.mjs'
import { formatCloudRedirect } from './bounces.mjs'
import { isTrustedDomain } from './cors.mjs'
import { CONSENT_WANTED } from './create-provider.mjs'
import { readAuthorizationRequest } from './read-authorization-request.mjs'
import { knownScopes } from './scopes.mjs'
import { sendAuthorizationResponse } from './send-authorization-response.mjs'
import { sendErrorPage } from './send-error-page.mjs'
import { sendRedirect } from './send-redirect.mjs'

/**
 * @typedef {import('./start-tenant.mjs').TenantParts} TenantParts
 * @typedef {import('./create-apps.mjs').App} App
 * @typedef {import('./create-sessions.mjs').SignInSession} SignInSession
 * @typedef {import('./read-authorization-request.mjs').AuthorizationRequest} AuthorizationRequest
 */

/** Parameters that the provider has to judge as they are. */
const JUDGED = ['response_type', 'client_id', 'redirect_uri', 'nonce', 'code_challenge', 'dpop_jkt']

/**
 * `/OAuth2/Authorize/{app}`, by GET or POST. Whoever is not signed in is sent to sign in first,
 * whatever else is wrong with the request: that is why a wrong client id shows so late.
 *
 * @param {TenantParts} tenant
 * @param {App} app
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
export async function authorize(tenant, app, req, res) {
  const request = readAuthorizationRequest(tenant, req)
  if (request.twice !== undefined) return sendTwicePage(res, request.twice)
  if (request.isOver) return sendOverPage(res)
  if (!app.redirectUris.has(request.redirectUri)) return sendRedirectUriPage(res, app, request)
  const session = tenant.sessions.read(req)
  if (session === undefined && tenant.sessions.isAlive(request.bounce?.sessionId)) {
    return sendCookiePage(res)
  }
  const answer = await answerRequest(tenant, app, request, session)
  if (answer.page === undefined) {
    tenant.pushed.use(request.query)
    return sendAuthorizationResponse(tenant, app, res, request, answer)
  }
  const bounce = tenant.bounces.start(request.query, request.bounce)
  const cloudRedirect = encodeURIComponent(formatCloudRedirect(app, bounce))
  sendRedirect(res, `${answer.page}?cloudRedirect=${cloudRedirect}`)
}

/**
 * @param {TenantParts} tenant
 * @param {App} app
 * @param {AuthorizationRequest} request
 * @param {SignInSession | undefined} session
 * @returns {Promise<Record<string, string> | { page: string }>} parameters for the redirect back,
 *   or the page of the tenant that the user has to see first
 */
async function answerRequest(tenant, app, request, session) {
  if (session === undefined || mustSignInAgain(tenant, request, session)) {
    if (!request.silent) return { page: '/login' }
    return { error: 'login_required', error_description: 'the user has to sign in' }
  }
  const refusal = findRefusal(tenant, app, request, session)
  return refusal ?? askForCode(tenant, app, request, session)
}

/**
 * @param {TenantParts} tenant
 * @param {AuthorizationRequest} request
 * @param {SignInSession} session
 */
function mustSignInAgain(tenant, { prompts, maxAge, bounce }, session) {
  if (tenant.switches.reauthentication === 'ignored') return false
  if (bounce !== undefined && bounce.sessionId === session.id) return false
  const isTooLongAgo = maxAge !== '' && Date.now() - session.signedInAt >= +maxAge * 1000
  return prompts.has('login') || prompts.has('select_account') || isTooLongAgo
}

/**
 * What the tenant itself refuses, in the words of the recordings.
 *
 * @param {TenantParts} tenant
 * @param {App} app
 * @param {AuthorizationRequest} request
 * @param {SignInSession} session
 */
function findRefusal(tenant, app, { asked, clientId, redirectUri, bounce }, { user }) {
  const untrusted = !isTrustedDomain(tenant, redirectUri)
  if (
    !app.clientIds.includes(clientId) ||
    (untrusted && tenant.switches.untrustedDomain === 'invalid-client')
  ) {
    return { error: 'invalid_client', error_description: 'invalid client creds' }
  }
  // Nobody has recorded what a tenant does about a missing Run permission: an OAuth error rather
  // than a page of its own, so that the app can put it into words.
  if (!user.canRun) {
    return {
      error: 'access_denied',
      error_description: `${user.username} does not have the Run permission for ${app.id}: ask your administrator`,
    }
  }
  // The metadata offers more. Nobody should use it, so the demo leaves it out.
  if ((asked.get('response_type') ?? 'code') !== 'code') {
    return {
      error: 'unsupported_response_type',
      error_description: 'the demo tenant answers response_type=code only',
    }
  }
  if (bounce?.consent === 'denied') {
    return { error: 'access_denied', error_description: 'the user denied the request' }
  }
  return undefined
}

/**
 * @param {TenantParts} tenant
 * @param {App} app
 * @param {AuthorizationRequest} request
 * @param {SignInSession} session
 */
async function askForCode(tenant, app, request, session) {
  const { provider } = app
  /** @type {any} the published types lack its `id` */
  const providerSession = new provider.Session()
  providerSession.loginAccount({
    accountId: session.user.sub,
    loginTs: Math.floor(session.signedInAt / 1000),
  })
  await providerSession.save(60)
  const reply = await askProvider(provider, {
    method: 'GET',
    path: `/OAuth2/Authorize/${app.id}?${toStandardRequest(request)}`,
    cookie: `${provider.cookieName('session')}=${providerSession.id}`,
    asked: {
      consentWanted: isConsentWanted(tenant, app, request, session),
      pkceRequired: tenant.switches[app.clientTypeSwitch] === 'List',
    },
  })
  if (reply.location === CONSENT_WANTED) return { page: '/consent' }
  const { iss, state, ...answer } = reply.location
    ? Object.fromEntries(new URL(reply.location).searchParams)
    : reply.body
  return answer
}

/**
 * The parameters that the provider has to judge, and no other. `openid` is always among the scopes,
 * because it is always granted; a plain challenge becomes the S256 one that its verifier fits too.
 *
 * @param {AuthorizationRequest} request
 */
function toStandardRequest({ asked, silent }) {
  const standard = new URLSearchParams({ response_mode: 'query' })
  for (const name of JUDGED) {
    if (asked.has(name)) standard.set(name, asked.get(name) ?? '')
  }
  standard.set('scope', `${asked.get('scope') ?? ''} openid`.trim())
  if (silent) standard.set('prompt', 'none')
  const challenge = asked.get('code_challenge')
  if (challenge === null) return standard
  const method = asked.get('code_challenge_method') ?? 'plain'
  standard.set('code_challenge_method', method === 'plain' ? 'S256' : method)
  if (method === 'plain') {
    standard.set('code_challenge', createHash('sha256').update(challenge).digest('base64url'))
  }
  return standard
}

/**
 * @param {TenantParts} tenant
 * @param {App} app
 * @param {AuthorizationRequest} request
 * @param {SignInSession} session
 */
function isConsentWanted(tenant, app, { clientId, scope, prompts, bounce }, { user }) {
  const mode = tenant.switches.consent
  if (mode === 'never' || bounce?.consent === 'allowed') return false
  if (mode === 'always' || prompts.has('consent')) return true
  return !tenant.consents.covers(user, app, clientId, knownScopes(scope))
}

/**
 * @param {import('express').Response} res
 * @param {string} name
 */
function sendTwicePage(res, name) {
  sendErrorPage(res, {
    title: 'This request cannot be read',
    what: `The app has sent the parameter “${name}” more than once.`,
  })
}

/**
 * @param {import('express').Response} res
 * @param {App} app
 * @param {AuthorizationRequest} request
 */
function sendRedirectUriPage(res, app, { redirectUri }) {
  sendErrorPage(res, {
    title: 'This address is not registered',
    what: `${app.name} wants to be answered at an address that is not among its redirect URIs.`,
    remedy:
      'Open the app at the address it is registered for, or have an administrator add this one to the app’s redirect URIs. They are compared character by character.',
    detail: redirectUri || 'no redirect_uri',
  })
}

/** @param {import('express').Response} res */
function sendOverPage(res) {
  sendErrorPage(res, {
    title: 'This request is over',
    what: 'The app has sent a request ahead that was used before, or that has run out.',
    remedy: 'Go back to the app and start again there.',
  })
}

/** @param {import('express').Response} res */
function sendCookiePage(res) {
  sendErrorPage(res, {
    title: 'Your browser keeps no cookies here',
    what: 'You have signed in, but your browser did not keep the cookie that says so.',
    remedy: 'Allow cookies for this site, then go back to the app and sign in again.',
  })
}
