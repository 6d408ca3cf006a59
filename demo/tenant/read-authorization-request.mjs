/**
 * @typedef {object} AuthorizationRequest
 * @property {URLSearchParams} query every parameter but the bounce
 * @property {string | undefined} twice a parameter that was sent more than once
 * @property {string} clientId
 * @property {string} redirectUri
 * @property {string} scope
 * @property {string} maxAge
 * @property {Set<string>} prompts
 * @property {boolean} silent whether the user must not be shown anything
 * @property {import('./bounces.mjs').Bounce | undefined} bounce
 */

/**
 * Reads an authorization request from the query and, as the vendor's guide sends it, from a posted
 * form. A client secret in there is nobody's business and goes no further.
 *
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {import('express').Request} req
 * @returns {AuthorizationRequest}
 */
export function readAuthorizationRequest(tenant, req) {
  const { searchParams } = new URL(req.url, tenant.url)
  const posted = req.method === 'POST' ? new URLSearchParams(req.body) : []
  const query = new URLSearchParams([...searchParams, ...posted])
  query.delete('client_secret')
  const bounce = tenant.bounces.find(query)
  query.delete('bounce')
  const read = (/** @type {string} */ name) => query.get(name) ?? ''
  const prompts = new Set(read('prompt').split(' '))
  return {
    query,
    twice: [...query.keys()].find((name) => query.getAll(name).length > 1),
    clientId: read('client_id'),
    redirectUri: read('redirect_uri'),
    scope: read('scope'),
    maxAge: read('max_age'),
    prompts,
    silent: prompts.has('none') && tenant.switches.promptNone === 'honoured',
    bounce,
  }
}
