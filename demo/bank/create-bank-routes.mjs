import { setTimeout as sleep } from 'node:timers/promises'
import express from 'express'
import { logRequests } from '../tenant/log-requests.mjs'
import { sendJson } from '../tenant/send-json.mjs'
import { requireAccess, requireStepUp } from './require-access.mjs'
import { sendProblem } from './send-problem.mjs'

/** @typedef {import('./start-bank.mjs').BankParts} BankParts */

/**
 * The bank's API. Reading needs `accounts.read`, paying needs `payments.write`.
 *
 * @param {BankParts} bank
 * @returns {import('express').Express}
 */
export function createBankRoutes(bank) {
  const { ledger } = bank
  const routes = express().disable('x-powered-by').disable('etag')
  routes.use(express.text({ type: () => true }), logRequests(bank.log))
  routes.use(allowApps(bank), disturb(bank))
  routes.get('/health', (_req, res) => res.json({ status: 'ok' }))
  routes.get('/api/accounts', requireAccess(bank, 'accounts.read'), (_req, res) => {
    res.json({ accounts: ledger.listAccounts() })
  })
  routes.get('/api/accounts/:id/transactions', requireAccess(bank, 'accounts.read'), (req, res) =>
    sendTransactions(bank, req, res),
  )
  routes.get('/api/transfers', requireAccess(bank, 'accounts.read'), (_req, res) => {
    res.json({ transfers: ledger.listTransfers() })
  })
  routes.post(
    '/api/transfers',
    requireAccess(bank, 'payments.write'),
    requireStepUp(bank),
    (req, res) => sendTransfer(bank, req, res),
  )
  routes.use((_req, res) => {
    sendProblem(res, {
      status: 404,
      title: 'Not found',
      detail: 'The bank has nothing at this address.',
    })
  })
  return routes
}

/**
 * CORS for the app and nobody else. Tokens travel in a header, so credentials are never allowed.
 *
 * @param {BankParts} bank
 * @returns {import('express').RequestHandler}
 */
function allowApps(bank) {
  return (req, res, next) => {
    const { origin = '' } = req.headers
    res.vary('Origin').set('Cache-Control', 'no-store')
    if (bank.allowedOrigins.has(origin)) {
      res.set('Access-Control-Allow-Origin', origin)
      if (bank.switches.challenge === 'exposed') {
        res.set('Access-Control-Expose-Headers', 'WWW-Authenticate')
      }
    }
    if (req.method !== 'OPTIONS') return next()
    if (bank.allowedOrigins.has(origin)) {
      res.set({
        'Access-Control-Allow-Methods': 'GET, POST',
        'Access-Control-Allow-Headers': 'Authorization, Content-Type, DPoP',
      })
    }
    res.status(204).end()
  }
}

/**
 * @param {BankParts} bank
 * @returns {import('express').RequestHandler}
 */
function disturb(bank) {
  return async (_req, res, next) => {
    const { latency, answer } = bank.switches
    if (latency > 0) await sleep(latency, undefined, { ref: false })
    if (answer !== 'always-503') return next()
    sendProblem(res, {
      status: 503,
      title: 'Try again in a moment',
      detail: 'The bank is closed for maintenance.',
    })
  }
}

/**
 * @param {BankParts} bank
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
function sendTransactions({ ledger }, req, res) {
  const transactions = ledger.listTransactions(String(req.params.id))
  if (transactions !== undefined) return sendJson(res, { transactions })
  sendProblem(res, {
    status: 404,
    title: 'Not found',
    detail: 'There is no such account.',
  })
}

/**
 * @param {BankParts} bank
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
function sendTransfer({ ledger }, req, res) {
  const outcome = ledger.transfer(readJson(req.body))
  if ('transfer' in outcome) return sendJson(res, outcome.transfer, 201)
  sendProblem(res, {
    status: 422,
    title: 'The transfer cannot be made',
    detail: outcome.fault,
  })
}

/** @param {unknown} text */
function readJson(text) {
  try {
    return JSON.parse(String(text))
  } catch {
    return {}
  }
}
