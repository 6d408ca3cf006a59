// @ts-check
import { randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair } from 'jose'
import { createMemoryStorage } from '../../../demo/tenant/create-memory-storage.mjs'
import { loadOidcProvider } from '../../../demo/tenant/load-oidc-provider.mjs'
import { oneResource } from '../../capabilities/one-resource.mjs'

const CLIENT = 'bench'
const SCOPE = 'openid offline_access profile api.read'

/** How long an access token lives, in seconds. */
export const LIFETIME = 3600

const MONTH = 30 * 24 * 3600

/**
 * A certified provider that asks the user nothing: rotating refresh tokens with reuse detection,
 * JWT access tokens for one API, and the paths that auth0-spa-js cannot be told otherwise.
 *
 * @param {string} issuer
 * @param {string} api
 * @param {string[]} redirectUris
 */
export async function startProvider(issuer, api, redirectUris) {
  const { default: Provider } = await loadOidcProvider()
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const client = {
    client_id: CLIENT,
    token_endpoint_auth_method: 'none',
    redirect_uris: redirectUris,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  }
  /** @type {import('oidc-provider').Configuration} */
  const configuration = {
    jwks: {
      keys: [
        {
          .../** @type {any} */ (await exportJWK(privateKey)),
          use: 'sig',
          alg: 'RS256',
          kid: 'one',
        },
      ],
    },
    cookies: { keys: [randomBytes(24).toString('hex')] },
    adapter: /** @type {any} */ (createMemoryStorage(() => client).adapter),
    routes: { authorization: '/authorize', token: '/oauth/token', end_session: '/v2/logout' },
    scopes: SCOPE.split(' '),
    claims: { openid: ['sub'], profile: ['name'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    expiresWithSession: async () => false,
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    clientBasedCORS: () => true,
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: 'Monika' }) }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    ttl: {
      AccessToken: LIFETIME,
      IdToken: LIFETIME,
      RefreshToken: MONTH,
      Session: MONTH,
      Grant: MONTH,
      Interaction: LIFETIME,
    },
    async loadExistingGrant({ oidc }) {
      const { session, client } = oidc
      const known = session?.grantIdFor(CLIENT)
      if (known) return provider.Grant.find(known)
      const grant = new provider.Grant({
        accountId: /** @type {string} */ (session?.accountId),
        clientId: /** @type {string} */ (client?.clientId),
      })
      grant.addOIDCScope(SCOPE)
      grant.addResourceScope(api, 'api.read')
      await grant.save()
      return grant
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: true },
      resourceIndicators: oneResource(api, () => LIFETIME),
    },
  }
  const provider = new Provider(issuer, configuration)
  // keycloak-js takes refresh tokens apart, as Keycloak's are JWTs; to the others it is all one.
  Object.assign(provider.RefreshToken.prototype, {
    generateTokenId: () => ['{"alg":"none"}', '{}', randomBytes(32)].map(toBase64Url).join('.'),
  })
  // Who has a refresh token may ask for offline access again; oidc-provider notes it with
  // prompt=consent alone, and refuses a renewal that asks for it otherwise.
  Object.defineProperty(provider.RefreshToken.prototype, 'scopes', {
    get() {
      return new Set([...this.scope.split(' '), 'offline_access'])
    },
  })
  // keycloak-js sends its token request with cookies.
  provider.use(async (context, next) => {
    await next()
    context.set('access-control-allow-credentials', 'true')
  })
  const answer = provider.callback()
  return {
    clientId: CLIENT,
    /**
     * @param {import('node:http').IncomingMessage} request
     * @param {import('node:http').ServerResponse} response
     */
    async handle(request, response) {
      if (!request.url?.startsWith('/interaction/')) return answer(request, response)
      await provider.interactionFinished(request, response, { login: { accountId: 'monika' } })
    },
  }
}

/** @param {string | Buffer} value */
const toBase64Url = (value) => Buffer.from(value).toString('base64url')
