import { listenOnLoopback } from '../tenant/listen-on-loopback.mjs'
import { createAccessTokenCheck } from './create-access-token-check.mjs'
import { createBankRoutes } from './create-bank-routes.mjs'
import { createBoundTokenCheck } from './create-bound-token-check.mjs'
import { createLedger } from './create-ledger.mjs'
import { createVerdict } from './create-verdict.mjs'
import { resolveBankSwitches } from './switches.mjs'

/**
 * @typedef {import('./switches.mjs').BankSwitches} BankSwitches
 * @typedef {import('../tenant/log-requests.mjs').LogEntry} LogEntry
 */

/**
 * @typedef {object} BankOptions
 * @property {string} issuer whose tokens it takes
 * @property {string} audience for whom they have to be: at a CyberArk tenant, the app's client id
 * @property {string} jwksUri
 * @property {TrustedIssuer} [standard] one more issuer, whose tokens are those of RFC 9068 and may be
 *   bound to a key
 * @property {string[]} [allowedOrigins] whose pages may call it; none by default
 * @property {number} [port] 0, the default, for any free one
 * @property {string} [hostname] the host in its address; `localhost` by default
 * @property {() => number} [clock] milliseconds; the machine's by default
 * @property {Partial<BankSwitches>} [switches]
 */

/** @typedef {{ issuer: string, audience: string, jwksUri: string }} TrustedIssuer */

/**
 * What the parts of the bank share.
 *
 * @typedef {object} BankParts
 * @property {Set<string>} allowedOrigins
 * @property {BankSwitches} switches
 * @property {import('./create-ledger.mjs').Ledger} ledger
 * @property {(req: import('express').Request) => Promise<import('./create-verdict.mjs').Verdict>} judge
 * @property {() => number} clock
 * @property {LogEntry[]} log
 */

/**
 * @typedef {object} Bank
 * @property {string} url
 * @property {BankSwitches} switches
 * @property {(changes: Partial<BankSwitches>) => void} set throws a `TypeError` for what is no switch
 * @property {(...origins: string[]) => void} allowOrigins
 * @property {LogEntry[]} log
 * @property {() => void} clearLog
 * @property {() => void} reset puts the accounts back as they were
 * @property {() => Promise<void>} stop
 */

/**
 * Starts the API of a bank that has a CyberArk tenant as its authorization server: it checks the
 * JWT access tokens itself and refuses in the words of RFC 6750.
 *
 * @param {BankOptions} options
 * @returns {Promise<Bank>}
 */
export async function startBank({ port, hostname = 'localhost', clock = Date.now, ...options }) {
  const { issuer, audience, jwksUri, standard, allowedOrigins = [], switches = {} } = options
  const parts = {
    allowedOrigins: new Set(allowedOrigins),
    switches: resolveBankSwitches(switches),
    ledger: createLedger(),
    judge: createVerdict({
      check: createAccessTokenCheck({ issuer, audience, jwksUri, clock }),
      ...(standard && {
        standard: {
          issuer: standard.issuer,
          check: createBoundTokenCheck({ ...standard, clock }),
        },
      }),
    }),
    clock,
    log: [],
  }
  const server = await listenOnLoopback(createBankRoutes(parts), port)
  return Object.freeze({
    url: `http://${hostname}:${server.port}`,
    switches: parts.switches,
    set: (/** @type {Partial<BankSwitches>} */ changes) => {
      Object.assign(parts.switches, resolveBankSwitches(changes, parts.switches))
    },
    allowOrigins: (/** @type {string[]} */ ...origins) => {
      for (const origin of origins) parts.allowedOrigins.add(origin)
    },
    log: parts.log,
    clearLog: () => parts.log.splice(0),
    reset: parts.ledger.reset,
    stop: server.close,
  })
}
