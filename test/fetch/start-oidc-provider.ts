import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { loadOidcProvider } from '../../demo/tenant/load-oidc-provider.mjs'

export interface OidcProvider {
  readonly issuer: string
  close(): Promise<void>
}

const ACCOUNT = 'monika'

/**
 * Starts oidc-provider with resource indicators (RFC 8707), and little else: it signs the same user
 * in without a question, grants every scope, and issues JWT access tokens for one resource each.
 */
export async function startOidcProvider(
  redirectUri: string,
  resources: readonly string[],
): Promise<OidcProvider> {
  const { Provider } = await loadOidcProvider()
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'fetch-app',
        token_endpoint_auth_method: 'none',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        application_type: 'native',
      },
    ],
    clientBasedCORS: () => true,
    cookies: { keys: ['for tests only'] },
    scopes: ['openid', 'read', 'write'],
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) => {
          if (!resources.includes(resource)) throw new Error('unknown resource')
          return { scope: 'read write', accessTokenFormat: 'jwt', accessTokenTTL: 3600 }
        },
      },
    },
    findAccount: (_, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    issueRefreshToken: () => true,
    rotateRefreshToken: () => true,
    renderError(context, out) {
      context.body = out
    },
  })
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response)
    void (async () => {
      const grant = new provider.Grant({ accountId: ACCOUNT, clientId: 'fetch-app' })
      grant.addOIDCScope('openid read write')
      for (const resource of resources) grant.addResourceScope(resource, 'read write')
      const result = { login: { accountId: ACCOUNT }, consent: { grantId: await grant.save() } }
      await provider.interactionFinished(request, response, result)
    })().catch((error) => response.destroy(error))
  })
  return {
    issuer,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
