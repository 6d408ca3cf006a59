/**
 * @typedef {object} AuthorizationRequest
 * @property {URLSearchParams} query every parameter but the bounce, as it came
 * @property {URLSearchParams} asked what is asked for: the query, or what was pushed before
 * @property {boolean} isOver whether what was pushed was used before, or ran out
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
  const asked = tenant.pushed.read(query, bounce)
  const read = (/** @type {string} */ name) => asked?.get(name) ?? ''
  const prompts = new Set(read('prompt').split(' '))
  return {
    query,
    asked: asked ?? query,
    isOver: asked === undefined,
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
