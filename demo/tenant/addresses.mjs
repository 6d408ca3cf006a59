/** @typedef {import('./start-tenant.mjs').TenantParts} TenantParts */

/**
 * The issuer of an app, with the slash at the end that real tenants have.
 *
 * @param {TenantParts} tenant
 * @param {{ id: string }} app
 */
export function issuerOf(tenant, app) {
  return `${tenant.url}/${app.id}${tenant.switches.issuerSlash === 'trailing' ? '/' : ''}`
}

/**
 * @param {TenantParts} tenant
 * @param {{ id: string }} app
 */
export function metadataUrlOf(tenant, app) {
  return `${tenant.url}/${app.id}/.well-known/openid-configuration`
}

/**
 * An endpoint, on the tenant's host or on its alias. Two live apps were seen to authorize on one
 * host and to fetch tokens on the other.
 *
 * @param {TenantParts} tenant
 * @param {{ id: string }} app
 * @param {string} name as in `Authorize`
 */
export function endpointOf(tenant, app, name) {
  return `${endpointHost(tenant)}/OAuth2/${name}/${app.id}`
}

/** @param {TenantParts} tenant */
function endpointHost(tenant) {
  if (tenant.switches.endpointHost === 'same') return tenant.url
  const url = new URL(tenant.url)
  url.hostname = url.hostname === 'localhost' ? '127.0.0.1' : 'localhost'
  return url.origin
}
