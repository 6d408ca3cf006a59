/**
 * Finds out which client a request to the token, revocation or introspection endpoint comes from,
 * from the `Authorization` header or the body.
 *
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {import('./create-apps.mjs').App} app
 * @param {import('express').Request} req
 * @param {Record<string, string>} body
 * @returns {{ clientId: string, hasSecret: boolean } | undefined} nothing when the client is
 *   unknown, its secret is wrong, or it needs one and has sent none
 */
export function authenticateClient(tenant, app, req, body) {
  const { clientId, secret } = readBasic(req.headers.authorization) ?? {
    clientId: body.client_id ?? '',
    secret: body.client_secret,
  }
  if (!app.clientIds.includes(clientId)) return undefined
  if (secret !== undefined) {
    return secret === app.clientSecret ? { clientId, hasSecret: true } : undefined
  }
  const needsSecret = tenant.switches[app.clientTypeSwitch] === 'Confidential'
  return needsSecret ? undefined : { clientId, hasSecret: false }
}

/**
 * @param {string | undefined} header
 * @returns {{ clientId: string, secret: string } | undefined}
 */
function readBasic(header) {
  const encoded = header?.match(/^basic +(\S+)$/i)?.[1]
  if (encoded === undefined) return undefined
  const [clientId = '', ...secret] = Buffer.from(encoded, 'base64').toString().split(':')
  return { clientId, secret: secret.join(':') }
}
