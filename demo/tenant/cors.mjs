/** @typedef {import('./start-tenant.mjs').TenantParts} TenantParts */

/**
 * Lets pages of the trusted DNS domains read an endpoint's answers, never with credentials, and
 * answers preflights.
 *
 * @param {TenantParts} tenant
 * @param {'corsMetadata' | 'corsKeys' | 'corsToken' | 'corsUserinfo' | 'corsRevoke' | 'corsRest'} endpointSwitch
 * @returns {import('express').RequestHandler}
 */
export function cors(tenant, endpointSwitch) {
  return (req, res, next) => {
    const { origin } = req.headers
    const { [endpointSwitch]: position, preflight } = tenant.switches
    const readable = origin !== undefined && position === 'on' && isTrustedDomain(tenant, origin)
    const granted = readable && (req.method !== 'OPTIONS' || preflight === 'answered')
    res.vary('Origin')
    if (granted) res.set('Access-Control-Allow-Origin', origin)
    if (req.method !== 'OPTIONS') return next()
    if (granted) {
      res.set({
        'Access-Control-Allow-Methods': 'GET, POST',
        'Access-Control-Allow-Headers': isStandard(tenant, req)
          ? 'Authorization, Content-Type, DPoP'
          : 'Authorization, Content-Type',
      })
    }
    res.status(204).end()
  }
}

/**
 * @param {TenantParts} tenant
 * @param {import('express').Request} req
 */
function isStandard(tenant, { params }) {
  return tenant.apps.get(String(params.app).toLowerCase())?.isStandard === true
}

/**
 * Trusted DNS domains are host names: scheme and port do not count. `*.example.com` stands for the
 * hosts below it.
 *
 * @param {TenantParts} tenant
 * @param {string} url
 */
export function isTrustedDomain(tenant, url) {
  const host = URL.canParse(url) ? new URL(url).hostname : ''
  return tenant.switches.trustedDomains.some((domain) =>
    domain.startsWith('*.') ? host.endsWith(domain.slice(1)) : host === domain,
  )
}
