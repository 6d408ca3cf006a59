import { issuerOf, metadataUrlOf } from './addresses.mjs'
import { createBounces } from './bounces.mjs'
import { createApps } from './create-apps.mjs'
import { createConsents } from './create-consents.mjs'
import { createSessions } from './create-sessions.mjs'
import { createSigningKeys } from './create-signing-keys.mjs'
import { createTenantRoutes } from './create-tenant-routes.mjs'
import { listenOnLoopback } from './listen-on-loopback.mjs'
import { describeApp } from './metadata.mjs'
import { createPushedRequests } from './pushed-requests.mjs'
import { resolveSwitches } from './switches.mjs'
import { createUsers } from './users.mjs'

/**
 * @typedef {import('./switches.mjs').TenantSwitches} TenantSwitches
 * @typedef {import('./log-requests.mjs').LogEntry} LogEntry
 */

/**
 * @typedef {object} TenantOptions
 * @property {number} [port] 0, the default, for any free one
 * @property {string} [hostname] the host in the addresses it advertises; `localhost` by default
 * @property {Partial<TenantSwitches>} [switches]
 * @property {string[]} [redirectUris] of every app
 * @property {string[]} [postLogoutRedirectUris] of every app
 */

/**
 * What the parts of the tenant share.
 *
 * @typedef {object} TenantParts
 * @property {string} url
 * @property {TenantSwitches} switches
 * @property {Map<string, import('./users.mjs').TenantUser>} users
 * @property {import('./create-signing-keys.mjs').SigningKeys} keys
 * @property {import('./create-sessions.mjs').Sessions} sessions
 * @property {import('./bounces.mjs').Bounces} bounces
 * @property {import('./create-consents.mjs').Consents} consents
 * @property {import('./pushed-requests.mjs').PushedRequests} pushed
 * @property {Map<string, import('./find-access-token.mjs').AccessTokenRecord>} accessTokens
 * @property {Map<string, import('./create-apps.mjs').App>} apps
 * @property {LogEntry[]} log
 */

/**
 * @typedef {object} TenantApp
 * @property {string} id
 * @property {string} name
 * @property {'openid-connect' | 'oauth2-client'} kind
 * @property {string} clientId
 * @property {string[]} clientIds
 * @property {string} clientSecret
 * @property {string} issuer
 * @property {string} metadataUrl
 * @property {ReturnType<typeof describeApp>} metadata for clients that are configured inline
 * @property {string[]} redirectUris
 * @property {string[]} postLogoutRedirectUris
 */

/**
 * @typedef {object} Tenant
 * @property {string} url
 * @property {string} host host name and port
 * @property {Record<'taxefile' | 'taxefile-api' | 'taxefile-standard', TenantApp>} apps
 * @property {Record<string, import('./users.mjs').TenantUser>} users by user name
 * @property {TenantSwitches} switches
 * @property {(changes: Partial<TenantSwitches>) => void} set throws a `TypeError` for what is no switch
 * @property {(milliseconds: number) => void} setLatency
 * @property {LogEntry[]} log
 * @property {() => void} clearLog
 * @property {(...uris: string[]) => void} registerRedirectUris with every app
 * @property {(...uris: string[]) => void} registerPostLogoutRedirectUris with every app
 * @property {(options?: { keepPrevious?: boolean }) => Promise<void>} rotateKeys
 * @property {() => void} endSessions signs every user out of the tenant
 * @property {() => void} revokeAll takes back every code, grant and token
 * @property {() => void} forgetConsents
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a tenant that behaves like one of CyberArk Identity, on the loopback interface. Everything
 * is in memory and gone when it stops.
 *
 * @param {TenantOptions} [options]
 * @returns {Promise<Tenant>}
 */
export async function startTenant(options = {}) {
  const { port, hostname = 'localhost', redirectUris = [], postLogoutRedirectUris = [] } = options
  const switches = resolveSwitches(options.switches ?? {})
  const keys = await createSigningKeys()
  /** @type {import('node:http').RequestListener} */
  let serve = (_req, res) => void res.writeHead(503).end()
  const server = await listenOnLoopback((req, res) => serve(req, res), port)
  const url = `http://${hostname}:${server.port}`
  const parts = await createParts(url, switches, keys)
  serve = createTenantRoutes(parts)
  const tenant = createTenant(parts, server)
  tenant.registerRedirectUris(...redirectUris)
  tenant.registerPostLogoutRedirectUris(...postLogoutRedirectUris)
  return tenant
}

/**
 * @param {string} url
 * @param {TenantSwitches} switches
 * @param {import('./create-signing-keys.mjs').SigningKeys} keys
 * @returns {Promise<TenantParts>}
 */
async function createParts(url, switches, keys) {
  /** @type {any} until the parts that need the others are in */
  const parts = {
    url,
    switches,
    keys,
    users: createUsers(),
    bounces: createBounces(),
    consents: createConsents(),
    pushed: createPushedRequests(),
    accessTokens: new Map(),
    log: [],
  }
  const sessions = createSessions(parts)
  return Object.assign(parts, { sessions, apps: await createApps(parts) })
}

/**
 * @param {TenantParts} parts
 * @param {import('./listen-on-loopback.mjs').LoopbackServer} server
 * @returns {Tenant}
 */
function createTenant(parts, server) {
  const apps = [...parts.apps.values()]
  const set = (/** @type {Partial<TenantSwitches>} */ changes) => {
    Object.assign(parts.switches, resolveSwitches(changes, parts.switches))
  }
  const register = (/** @type {'redirectUris' | 'postLogoutRedirectUris'} */ list) => {
    return (/** @type {string[]} */ ...uris) => {
      for (const app of apps) for (const uri of uris) app[list].add(uri)
    }
  }
  return Object.freeze({
    url: parts.url,
    host: new URL(parts.url).host,
    apps: /** @type {any} */ (
      Object.fromEntries(apps.map((app) => [app.id, presentApp(parts, app)]))
    ),
    users: Object.fromEntries(parts.users),
    switches: parts.switches,
    set,
    setLatency: (latency) => set({ latency }),
    log: parts.log,
    clearLog: () => parts.log.splice(0),
    registerRedirectUris: register('redirectUris'),
    registerPostLogoutRedirectUris: register('postLogoutRedirectUris'),
    rotateKeys: parts.keys.rotate,
    endSessions: parts.sessions.endAll,
    revokeAll() {
      for (const app of apps) app.storage.clear()
    },
    forgetConsents: parts.consents.forget,
    stop: server.close,
  })
}

/**
 * @param {TenantParts} parts
 * @param {import('./create-apps.mjs').App} app
 * @returns {TenantApp}
 */
function presentApp(parts, app) {
  const { id, name, kind, clientIds, clientSecret } = app
  return Object.freeze({
    id,
    name,
    kind,
    clientId: clientIds[0] ?? '',
    clientIds,
    clientSecret,
    get issuer() {
      return issuerOf(parts, app)
    },
    get metadataUrl() {
      return metadataUrlOf(parts, app)
    },
    get metadata() {
      return describeApp(parts, app)
    },
    get redirectUris() {
      return [...app.redirectUris]
    },
    get postLogoutRedirectUris() {
      return [...app.postLogoutRedirectUris]
    },
  })
}
