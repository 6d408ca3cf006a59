import { askedBy } from './ask-provider.mjs'
import { loadOidcProvider } from './load-oidc-provider.mjs'
import { TENANT_SCOPES } from './scopes.mjs'
import { findUserBySub } from './users.mjs'

/** Where oidc-provider sends a user whose consent is missing. The tenant never lets it out. */
export const CONSENT_WANTED = '/consent-wanted'

const ONE_MINUTE = 60
const TWO_WEEKS = 14 * 24 * 60 * 60

/**
 * @typedef {import('oidc-provider').Provider} Provider
 * @typedef {import('oidc-provider').KoaContextWithOIDC} Context
 */

/**
 * The certified provider inside an app of the tenant. It does codes, PKCE, grants, the rotation of
 * refresh tokens and the revocation of families; sign-in, consent pages, client authentication and
 * the looks of every answer are the tenant's, because they differ from the standard there.
 *
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {{ id: string, isStandard: boolean, storage: import('./create-memory-storage.mjs').MemoryStorage }} app
 * @returns {Promise<Provider>}
 */
export async function createProvider(tenant, app) {
  const { Provider, interactionPolicy } = await loadOidcProvider()
  /** @type {Provider} */
  const provider = new Provider(`${tenant.url}/${app.id}/`, {
    adapter: /** @type {any} */ (app.storage.adapter),
    jwks: { keys: [await tenant.keys.privateKey()] },
    routes: {
      authorization: `/OAuth2/Authorize/${app.id}`,
      token: `/OAuth2/Token/${app.id}`,
      pushed_authorization_request: `/OAuth2/Push/${app.id}`,
    },
    scopes: Object.keys(TENANT_SCOPES),
    responseTypes: ['code'],
    clientAuthMethods: ['none'],
    cookies: { names: { session: `${app.id}`, interaction: `${app.id}.i`, resume: `${app.id}.r` } },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: app.isStandard },
      pushedAuthorizationRequests: { enabled: app.isStandard },
      resourceIndicators: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
    // 44 characters of base64url, as recorded
    formats: { bitsOfOpaqueRandomness: (_, token) => (isCode(token) ? 44 * 6 : 256) },
    interactions: { policy: createPolicy(interactionPolicy), url: () => CONSENT_WANTED },
    findAccount: (_, sub) => findAccount(tenant, sub),
    loadExistingGrant: (ctx) => grantRequestedScope(provider, ctx),
    // tokens outlive the single sign-on session, and no scope decides about them: an admin does
    expiresWithSession: () => false,
    issueRefreshToken: () => tenant.switches.refresh !== 'withheld',
    rotateRefreshToken: () => tenant.switches.rotation === 'on',
    // the client type is the tenant's affair, see `authenticateClient`
    pkce: { required: (ctx) => askedBy(ctx).pkceRequired === true },
    ttl: {
      AccessToken: () => tenant.switches.tokenLifetime,
      IdToken: () => tenant.switches.tokenLifetime,
      AuthorizationCode: ONE_MINUTE,
      Interaction: ONE_MINUTE,
      Session: ONE_MINUTE,
      Grant: TWO_WEEKS,
      RefreshToken: TWO_WEEKS,
    },
    renderError(ctx, out) {
      ctx.body = out
    },
  })
  provider.registerGrantType(
    'password',
    (/** @type {Context} */ ctx) => grantPassword(provider, ctx),
    ['scope'],
  )
  provider.on('grant.error', (/** @type {Context} */ ctx, /** @type {Error} */ error) => {
    ctx.state.error = error
  })
  return provider
}

/** @param {{ kind: string }} token */
function isCode(token) {
  return token.kind === 'AuthorizationCode'
}

/** @param {typeof import('oidc-provider').interactionPolicy} interactionPolicy */
function createPolicy({ Prompt, Check }) {
  const noSession = new Check('no_session', 'nobody is signed in', (ctx) => {
    return ctx.oidc.session?.accountId === undefined
  })
  const missing = new Check('consent_missing', 'the user has not consented yet', (ctx) => {
    return askedBy(ctx).consentWanted === true
  })
  return [
    new Prompt({ name: 'login', requestable: true }, noSession),
    new Prompt({ name: 'consent', requestable: true }, missing),
  ]
}

/**
 * @param {import('./start-tenant.mjs').TenantParts} tenant
 * @param {string} sub
 */
function findAccount(tenant, sub) {
  const user = findUserBySub(tenant.users, sub)
  return user && { accountId: sub, claims: async () => ({ sub }) }
}

/**
 * A grant of its own for every authorization, so that what is revoked with a refresh token used
 * twice is one sign-in and no other.
 *
 * @param {Provider} provider
 * @param {Context} ctx
 */
async function grantRequestedScope(provider, ctx) {
  const { account, client, requestParamOIDCScopes } = ctx.oidc
  if (askedBy(ctx).consentWanted || account === undefined || client === undefined) return undefined
  const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId })
  grant.addOIDCScope([...requestParamOIDCScopes].join(' '))
  await grant.save()
  return grant
}

/**
 * The user's password has been checked by then.
 *
 * @param {Provider} provider
 * @param {Context} ctx
 */
async function grantPassword(provider, ctx) {
  const { client, requestParamOIDCScopes } = ctx.oidc
  const accountId = askedBy(ctx).user?.sub
  if (client === undefined || accountId === undefined) throw new TypeError('Nobody to grant to')
  const scope = [...requestParamOIDCScopes].join(' ')
  const grant = new provider.Grant({ accountId, clientId: client.clientId })
  grant.addOIDCScope(scope)
  const grantId = await grant.save()
  const token = new provider.AccessToken({ accountId, client, grantId, gty: 'password', scope })
  ctx.oidc.entity('AccessToken', token)
  ctx.body = { access_token: await token.save(), expires_in: token.expiration, scope }
}
