import { captureReplies } from './ask-provider.mjs'
import { createMemoryStorage } from './create-memory-storage.mjs'
import { createProvider } from './create-provider.mjs'

/**
 * An app of the tenant, as an admin has set it up.
 *
 * @typedef {object} App
 * @property {string} id the last part of every path
 * @property {string} name what the user reads
 * @property {'openid-connect' | 'oauth2-client'} kind
 * @property {boolean} isStandard whether it takes pushed requests (RFC 9126) and DPoP (RFC 9449), and
 *   issues access tokens of RFC 9068. No app of a real tenant is known to: this one is there so that
 *   the demo can show what a provider that does is like
 * @property {'clientType' | 'oauth2ClientType'} clientTypeSwitch
 * @property {string[]} clientIds
 * @property {string} clientSecret
 * @property {Set<string>} redirectUris
 * @property {Set<string>} postLogoutRedirectUris
 * @property {import('./create-memory-storage.mjs').MemoryStorage} storage
 * @property {import('oidc-provider').Provider} provider
 * @property {Promise<unknown>} lastTokenRequest
 */

// Fixed, so that an app can be configured once for all starts of the demo.
/** @type {Omit<App, 'redirectUris' | 'postLogoutRedirectUris' | 'storage' | 'provider' | 'lastTokenRequest'>[]} */
const APPS = [
  {
    id: 'taxefile',
    name: 'Tax eFile',
    kind: 'openid-connect',
    isStandard: false,
    clientTypeSwitch: 'clientType',
    clientIds: ['2f1c8a54-7d3e-4b6f-9a10-5c8e2d7b4f91'],
    clientSecret: 'demo-secret-of-taxefile',
  },
  {
    id: 'taxefile-api',
    name: 'Tax eFile API',
    kind: 'oauth2-client',
    isStandard: false,
    clientTypeSwitch: 'oauth2ClientType',
    clientIds: ['taxefile-web', 'taxefile-batch'],
    clientSecret: 'demo-secret-of-taxefile-api',
  },
  {
    id: 'taxefile-standard',
    name: 'Tax eFile',
    kind: 'openid-connect',
    isStandard: true,
    clientTypeSwitch: 'clientType',
    clientIds: ['b83d0f6e-1a94-4c57-8e2b-6f70d9a3c215'],
    clientSecret: 'demo-secret-of-taxefile-standard',
  },
]

/**
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @returns {Promise<Map<string, App>>} by id in lower case
 */
export async function createApps(tenant) {
  const apps = await Promise.all(APPS.map((description) => createApp(tenant, description)))
  return new Map(apps.map((app) => [app.id, app]))
}

/**
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {(typeof APPS)[number]} description
 */
async function createApp(tenant, description) {
  /** @type {Omit<App, 'provider'>} */
  const app = {
    ...description,
    redirectUris: new Set(),
    postLogoutRedirectUris: new Set(),
    lastTokenRequest: Promise.resolve(),
    storage: createMemoryStorage((clientId) => describeClient(app, clientId)),
  }
  const provider = await createProvider(tenant, app)
  captureReplies(provider)
  return Object.assign(app, { provider })
}

/**
 * What oidc-provider is told about a client: a public one, because the tenant has authenticated it
 * by then.
 *
 * @param {Omit<App, 'provider'>} app
 * @param {string} clientId
 */
async function describeClient(app, clientId) {
  if (!app.clientIds.includes(clientId)) return undefined
  const hasRedirects = app.redirectUris.size > 0
  return {
    client_id: clientId,
    token_endpoint_auth_method: 'none',
    redirect_uris: [...app.redirectUris],
    response_types: hasRedirects ? ['code'] : [],
    grant_types: hasRedirects
      ? ['authorization_code', 'refresh_token', 'password']
      : ['refresh_token', 'password'],
  }
}
