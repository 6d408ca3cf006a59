import { startBank } from './bank/start-bank.mjs'
import { buildDemo } from './build-demo.mjs'
import { DEMO_SWITCHES } from './demo-switches.mjs'
import { askRealTenant } from './real-tenant.mjs'
import { serveApp } from './serve-app.mjs'
import { startTenant } from './tenant/start-tenant.mjs'

/**
 * @typedef {object} DemoOptions
 * @property {Partial<Record<'app' | 'tenant' | 'bank', number>>} [ports] 0, the default, for any
 *   free one
 * @property {string} [hostname] the host of all three in addresses; `localhost` by default
 * @property {'taxefile' | 'taxefile-api'} [application] of the demo tenant
 * @property {Partial<import('./tenant/switches.mjs').TenantSwitches>} [switches] of the demo tenant;
 *   {@link DEMO_SWITCHES} by default
 * @property {import('./real-tenant.mjs').RealTenant | null} [realTenant] to sign in at instead
 * @property {string} [ownApp] origin of one more app that the demo tenant and the bank let in
 */

/**
 * @typedef {object} Demo
 * @property {string} appUrl
 * @property {string} bankUrl
 * @property {string} tenantUrl
 * @property {import('./tenant/start-tenant.mjs').Tenant | null} tenant `null` with a real tenant
 * @property {Awaited<ReturnType<typeof startBank>>} bank
 * @property {() => Promise<void>} stop
 */

/**
 * Starts the whole demo: the tenant, the bank's API and the app, each an origin of its own on
 * loopback. Builds what is missing or out of date first.
 *
 * @param {DemoOptions} [options]
 * @returns {Promise<Demo>}
 */
export async function startDemo(options = {}) {
  const { ports = {}, hostname = 'localhost', realTenant = null, ownApp } = options
  const { app: appPort = 0, bank: bankPort = 0 } = ports
  await buildDemo()
  /** @type {{ config: object, origins: () => string[] }} */
  let settings = { config: {}, origins: () => [] }
  const app = await serveApp({
    port: appPort,
    hostname,
    readConfig: () => settings.config,
    readOrigins: () => settings.origins(),
  })
  /** @type {(() => Promise<void>)[]} */
  const stops = [app.stop]
  try {
    const provider = realTenant
      ? await describeRealTenant(realTenant, app.url)
      : await startDemoTenant(options, app.url)
    if (provider.tenant) stops.push(provider.tenant.stop)
    const bank = await startBank({
      port: bankPort,
      hostname,
      issuer: provider.metadata().issuer,
      audience: provider.config.clientId,
      jwksUri: provider.metadata().jwks_uri,
      ...(provider.tenant && { standard: describeStandard(provider.tenant) }),
      allowedOrigins: ownApp ? [app.url, ownApp] : [app.url],
    })
    stops.push(bank.stop)
    const config = { ...provider.config, bankApi: `${bank.url}/api/`, appOrigin: app.url }
    settings = { config, origins: () => [...findOrigins(provider.metadata()), bank.url] }
    return {
      appUrl: app.url,
      bankUrl: bank.url,
      tenantUrl: provider.config.tenant,
      tenant: provider.tenant,
      bank,
      stop: () => stopAll(stops),
    }
  } catch (error) {
    await stopAll(stops)
    throw error
  }
}

/**
 * @param {DemoOptions} options
 * @param {string} appUrl
 */
async function startDemoTenant(options, appUrl) {
  const { ports, hostname = 'localhost', switches = {}, application = 'taxefile' } = options
  const apps = options.ownApp ? [appUrl, options.ownApp] : [appUrl]
  const tenant = await startTenant({
    port: ports?.tenant ?? 0,
    hostname,
    switches: {
      trustedDomains: [hostname, ...apps.map((url) => new URL(url).hostname)],
      ...DEMO_SWITCHES,
      ...switches,
    },
    redirectUris: apps.map((url) => `${url}/callback`),
    postLogoutRedirectUris: apps.map((url) => `${url}/signed-out`),
  })
  const { clientId, kind } = tenant.apps[application]
  const { 'taxefile-standard': standard, 'taxefile-api': api } = tenant.apps
  return {
    tenant,
    /** @returns {Record<string, any>} */
    metadata: () => tenant.apps[application].metadata,
    config: {
      demoTenant: true,
      tenant: tenant.url,
      application,
      clientId,
      scope: scopeOf(kind),
      standard: {
        application: standard.id,
        clientId: standard.clientId,
        scope: scopeOf(standard.kind),
      },
      password: {
        application: api.id,
        clientId: api.clientId,
        clientSecret: api.clientSecret,
        user: describeUser(tenant),
      },
    },
  }
}

/**
 * @param {import('./real-tenant.mjs').RealTenant} realTenant
 * @param {string} appUrl
 */
async function describeRealTenant(realTenant, appUrl) {
  const { metadata, inline } = await askRealTenant(realTenant, appUrl)
  return {
    tenant: null,
    metadata: () => metadata,
    config: {
      demoTenant: false,
      ...realTenant,
      scope: ['openid', 'profile'],
      standard: null,
      password: null,
      ...(inline && { metadata: inline }),
    },
  }
}

/** @param {import('./tenant/start-tenant.mjs').Tenant} tenant */
function describeUser({ users }) {
  const { username, password } = users['monika.a'] ?? {}
  return { username, password }
}

/** @param {'openid-connect' | 'oauth2-client'} kind */
function scopeOf(kind) {
  return [...(kind === 'openid-connect' ? ['openid', 'profile'] : []), 'ReadUserProfile']
}

/**
 * Whose bound tokens the bank takes.
 *
 * @param {import('./tenant/start-tenant.mjs').Tenant} tenant
 */
function describeStandard({ apps }) {
  const { issuer, clientId, metadata } = apps['taxefile-standard']
  return { issuer, audience: clientId, jwksUri: metadata.jwks_uri }
}

/** @param {Record<string, any>} metadata */
function findOrigins(metadata) {
  const addresses = Object.values(metadata).filter((value) => typeof value === 'string')
  return addresses.filter((text) => URL.canParse(text)).map((text) => new URL(text).origin)
}

/** @param {(() => Promise<void>)[]} stops */
async function stopAll(stops) {
  await Promise.all(stops.map((stop) => stop()))
}
