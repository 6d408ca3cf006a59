/**
 * @typedef {object} RealTenant
 * @property {string} tenant
 * @property {string} application
 * @property {string} clientId
 */

const VARIABLES = {
  tenant: 'CYBERARK_TENANT',
  application: 'CYBERARK_APPLICATION',
  clientId: 'CYBERARK_CLIENT_ID',
}

/**
 * The real tenant that the environment names, if it does.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {RealTenant | null}
 * @throws {TypeError} when only a part of it is named
 */
export function readRealTenant(env) {
  const names = Object.values(VARIABLES)
  const missing = names.filter((name) => !env[name])
  if (missing.length === names.length) return null
  if (missing.length > 0) {
    throw new TypeError(
      `To sign in at a real tenant set ${names.join(', ')}. Missing: ${missing.join(', ')}.`,
    )
  }
  const values = Object.entries(VARIABLES).map(([key, name]) => [key, env[name]])
  return Object.fromEntries(values)
}

/**
 * What a real tenant says about the application, and whether a page of this origin may read it.
 * Which endpoints of a tenant answer pages is not documented; what a page may not read, the app
 * gets from its own server.
 *
 * @param {RealTenant} realTenant
 * @param {string} appOrigin
 * @returns {Promise<{ metadata: Record<string, any>, inline: object | undefined }>}
 */
export async function askRealTenant({ tenant, application }, appOrigin) {
  // Only now, because the package has been built by now.
  const { cyberArkIdentity } = await import('tessera-auth/cyberark')
  const { issuer = '', metadata: address } = cyberArkIdentity({ tenant, application })
  const url =
    typeof address === 'string'
      ? address
      : `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const metadata = await readJson(url, appOrigin)
  const keys = await readJson(metadata.value.jwks_uri, appOrigin)
  const inline =
    metadata.readable && keys.readable ? undefined : { ...metadata.value, jwks: keys.value }
  return { metadata: metadata.value, inline }
}

/**
 * @param {string} url
 * @param {string} origin
 * @returns {Promise<{ value: any, readable: boolean }>}
 */
async function readJson(url, origin) {
  try {
    const response = await fetch(url, { headers: { origin }, signal: AbortSignal.timeout(10_000) })
    const allowed = response.headers.get('access-control-allow-origin')
    return { value: await response.json(), readable: allowed === '*' || allowed === origin }
  } catch (cause) {
    const remedy = 'Check CYBERARK_TENANT and CYBERARK_APPLICATION, and the connection.'
    throw new Error(`The tenant gave no usable answer at ${url}. ${remedy}`, { cause })
  }
}
