import { endpointOf, issuerOf } from './addresses.mjs'

const CLAIMS =
  'sub name family_name given_name picture preferred_username email email_verified phone_number phone_number_verified address auth_time aud iss exp iat'
const RESPONSE_TYPES = [
  'code',
  'id_token',
  'id_token token',
  'code id_token',
  'code token',
  'code id_token token',
]

/**
 * The metadata of an app: the thirteen members of the recording and no other. It says more than the
 * tenant does (only `code` is answered) and less (revocation exists). The app that no real tenant is
 * known to have says what it has more.
 *
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {{ id: string, isStandard?: boolean }} app
 */
export function describeApp(tenant, app) {
  return {
    authorization_endpoint: endpointOf(tenant, app, 'Authorize'),
    issuer: issuerOf(tenant, app),
    introspection_endpoint: endpointOf(tenant, app, 'Introspect'),
    userinfo_endpoint: endpointOf(tenant, app, 'UserInfo'),
    code_challenge_methods_supported: ['plain', 'S256'],
    end_session_endpoint: endpointOf(tenant, app, 'EndSessionV2'),
    claims_supported: CLAIMS.split(' '),
    id_token_signing_alg_values_supported: ['RS256'],
    subject_types_supported: ['public'],
    scopes_supported: ['openid', 'profile', 'email', 'address', 'phone'],
    token_endpoint: endpointOf(tenant, app, 'Token'),
    jwks_uri: endpointOf(tenant, app, 'Keys'),
    response_types_supported: RESPONSE_TYPES,
    ...(app.isStandard && {
      pushed_authorization_request_endpoint: endpointOf(tenant, app, 'Push'),
      dpop_signing_alg_values_supported: ['ES256'],
    }),
  }
}

/**
 * The trap at the root of the tenant: metadata that looks right and serves no custom app.
 *
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 */
export function describeDecoy(tenant) {
  const { introspection_endpoint, end_session_endpoint, ...rest } = describeApp(tenant, { id: '' })
  return {
    ...rest,
    issuer: `${tenant.url}/`,
    authorization_endpoint: `${tenant.url}/Oauth/Openid`,
    token_endpoint: `${tenant.url}/Oauth/GetToken`,
    jwks_uri: `${tenant.url}/Oauth/Keys`,
    userinfo_endpoint: `${tenant.url}/Oauth/UserInfo`,
  }
}

/**
 * Sends a metadata document as tenants do: pretty-printed, with CRLF.
 *
 * @param {import('express').Response} res
 * @param {object} document
 */
export function sendMetadata(res, document) {
  const text = JSON.stringify(document, null, 2).replaceAll('\n', '\r\n')
  res.type('application/json').send(text)
}
