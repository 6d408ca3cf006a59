import { sendProblem } from './send-problem.mjs'

/** @typedef {import('./start-bank.mjs').BankParts} BankParts */

/**
 * Lets a request through that has a good access token with a scope. The claims are in
 * `res.locals.claims` then.
 *
 * @param {BankParts} bank
 * @param {string} scope
 * @returns {import('express').RequestHandler}
 */
export function requireAccess(bank, scope) {
  return async (req, res, next) => {
    const verdict = await bank.judge(req)
    const { scheme } = verdict
    if ('none' in verdict) return sendSignInFirst(res)
    if ('outage' in verdict) return sendOutage(res, verdict.outage)
    if ('fault' in verdict) return sendInvalidToken(res, verdict.fault, scheme)
    if (bank.switches.answer === 'always-401') {
      return sendInvalidToken(res, 'The bank does not take this access token any more.', scheme)
    }
    if (!String(verdict.claims.scope).split(' ').includes(scope)) {
      return sendMissingScope(res, scope, scheme)
    }
    res.locals.claims = verdict.claims
    res.locals.scheme = scheme
    next()
  }
}

/**
 * Asks for a fresh or stronger sign-in where the switch says so, as RFC 9470 has it. Comes after
 * `requireAccess`.
 *
 * @param {BankParts} bank
 * @returns {import('express').RequestHandler}
 */
export function requireStepUp(bank) {
  return (_req, res, next) => {
    const { stepUp } = bank.switches
    if (stepUp === null || isSatisfied(stepUp, res.locals.claims, bank.clock())) return next()
    const detail = 'Sign in again for this, more recently or in a safer way.'
    sendProblem(res, {
      status: 401,
      title: 'A stronger sign-in is needed',
      detail,
      scheme: res.locals.scheme,
      challenge: {
        error: 'insufficient_user_authentication',
        error_description: detail,
        acr_values: stepUp.acrValues,
        max_age: stepUp.maxAge?.toString(),
      },
    })
  }
}

/**
 * @param {import('./switches.mjs').StepUp} stepUp
 * @param {import('jose').JWTPayload} claims
 * @param {number} now
 */
function isSatisfied({ maxAge, acrValues }, { auth_time, acr }, now) {
  const isRecent = maxAge === undefined || now / 1000 - Number(auth_time) <= maxAge
  const isStrong = acrValues === undefined || acrValues.split(' ').includes(String(acr))
  return isRecent && isStrong
}

/**
 * Whoever has not tried gets no error code, RFC 6750 §3.1.
 *
 * @param {import('express').Response} res
 */
function sendSignInFirst(res) {
  sendProblem(res, {
    status: 401,
    title: 'Sign in first',
    detail: 'This call needs an access token in the Authorization header.',
    challenge: {},
  })
}

/**
 * @param {import('express').Response} res
 * @param {string} fault
 * @param {'Bearer' | 'DPoP'} scheme
 */
function sendInvalidToken(res, fault, scheme) {
  sendProblem(res, {
    status: 401,
    title: 'The access token is not accepted',
    detail: fault,
    scheme,
    challenge: { error: 'invalid_token', error_description: fault },
  })
}

/**
 * @param {import('express').Response} res
 * @param {string} scope
 * @param {'Bearer' | 'DPoP'} scheme
 */
function sendMissingScope(res, scope, scheme) {
  const detail = `This call needs the permission “${scope}”, which you have not given the app.`
  sendProblem(res, {
    status: 403,
    title: 'A permission is missing',
    detail,
    scheme,
    challenge: { error: 'insufficient_scope', error_description: detail, scope },
  })
}

/**
 * Not the caller's fault, so no challenge: the token may be good.
 *
 * @param {import('express').Response} res
 * @param {string} outage
 */
function sendOutage(res, outage) {
  sendProblem(res, { status: 503, title: 'Try again in a moment', detail: outage })
}
