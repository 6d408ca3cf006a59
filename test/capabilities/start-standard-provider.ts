import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import { allowInsecureRequests, validateJwtAccessToken } from 'oauth4webapi'
import { loadOidcProvider } from '../../demo/tenant/load-oidc-provider.mjs'

/** What the provider demands, from now on. */
export interface StandardProviderOptions {
  /** Origins of the app, whose `/callback` is registered. */
  readonly origins: readonly string[]
  /** Whether proofs have to carry a nonce of the server. */
  readonly dpopNonces?: boolean
  readonly dpopRequired?: boolean
  readonly pushRequired?: boolean
  /** Seconds that an access token lives. */
  readonly lifetime?: number
  readonly refreshTokens?: boolean
  /** `Cross-Origin-Opener-Policy` of its pages. */
  readonly openerPolicy?: string
  readonly sameSite?: 'lax' | 'none'
}

/** A request that the provider or its API saw. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Readonly<Record<string, string>>
  readonly status: number
}

/** A certified provider, and an API that verifies bound tokens in full. */
export interface StandardProvider {
  readonly issuer: string
  readonly clientId: string
  readonly apiUrl: string
  readonly seen: SeenRequest[]
  requests(path: string): SeenRequest[]
  close(): Promise<void>
}

const CLIENT = 'capabilities-app'

/**
 * Starts `oidc-provider` as it comes: who is sent there is asked nothing, unless `prompt` or `hold`
 * in `login_hint` says so. Its API at `/api/` takes JWT access tokens, bound or not.
 */
export async function startStandardProvider(
  options: StandardProviderOptions,
): Promise<StandardProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
  const api = `${issuer}/api/`
  const { default: Provider } = await loadOidcProvider()
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256', kid: 'one' }] },
    cookies: {
      keys: [randomBytes(24).toString('hex')],
      long: { sameSite: options.sameSite ?? 'lax', secure: options.sameSite === 'none' },
    },
    clients: [
      {
        client_id: CLIENT,
        token_endpoint_auth_method: 'none',
        redirect_uris: options.origins.map((origin) => `${origin}/callback`),
        post_logout_redirect_uris: options.origins.map((origin) => `${origin}/`),
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        application_type: 'web',
        dpop_bound_access_tokens: options.dpopRequired ?? false,
        require_pushed_authorization_requests: options.pushRequired ?? false,
      },
    ],
    pkce: { required: () => true },
    scopes: ['openid', 'offline_access', 'api.read'],
    issueRefreshToken: async () => options.refreshTokens ?? true,
    rotateRefreshToken: true,
    clientBasedCORS: () => true,
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    ttl: { AccessToken: () => options.lifetime ?? 3600 },
    features: {
      devInteractions: { enabled: false },
      dPoP: {
        enabled: true,
        nonceSecret: randomBytes(32),
        requireNonce: () => options.dpopNonces ?? false,
      },
      pushedAuthorizationRequests: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => api,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'api.read',
          audience: api,
          accessTokenFormat: 'jwt',
          accessTokenTTL: options.lifetime ?? 3600,
        }),
      },
    },
  } as never)
  const seen: SeenRequest[] = []
  const nonces = new Set<string>()

  const answerApi = async (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*')
    response.setHeader('access-control-allow-headers', 'authorization, dpop, content-type')
    response.setHeader('access-control-allow-methods', 'GET, POST')
    response.setHeader('access-control-expose-headers', 'www-authenticate, dpop-nonce')
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    try {
      const claims = await validateJwtAccessToken(
        {
          issuer,
          jwks_uri: `${issuer}/jwks`,
          id_token_signing_alg_values_supported: ['RS256'],
        },
        new Request(issuer + request.url, {
          method: request.method as string,
          headers: request.headers as Record<string, string>,
        }),
        api,
        { [allowInsecureRequests]: true, requireDPoP: options.dpopRequired ?? false },
      )
      if (options.dpopNonces && request.headers.dpop) assertNonce(String(request.headers.dpop))
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify({ sub: claims.sub, scheme: request.headers.authorization?.split(' ')[0] }),
      )
    } catch (error) {
      const nonce = (error as { nonce?: string }).nonce
      if (nonce) response.setHeader('dpop-nonce', nonce)
      const code = nonce ? 'use_dpop_nonce' : 'invalid_token'
      response.setHeader('www-authenticate', `DPoP error="${code}"`)
      response.writeHead(401).end()
    }
  }
  const assertNonce = (proof: string) => {
    const { nonce } = JSON.parse(Buffer.from(proof.split('.')[1] ?? '', 'base64url').toString())
    if (nonces.has(nonce)) return
    const fresh = randomBytes(12).toString('hex')
    nonces.add(fresh)
    throw Object.assign(new Error('nonce'), { nonce: fresh })
  }
  const interact = async (request: IncomingMessage, response: ServerResponse) => {
    const details = await provider.interactionDetails(request, response)
    const { prompt, params, session } = details
    const accountId = session?.accountId ?? String(params.login_hint ?? 'monika')
    if (accountId === 'hold') return void response.writeHead(200).end('Sign in')
    let result: Record<string, unknown>
    if (prompt.name === 'login') {
      result = { login: { accountId } }
    } else {
      const grant = new provider.Grant({ accountId, clientId: CLIENT })
      grant.addOIDCScope('openid offline_access api.read')
      grant.addResourceScope(api, 'api.read')
      result = { consent: { grantId: await grant.save() } }
    }
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true })
  }

  server.on('request', (request, response) => {
    const url = new URL(request.url ?? '/', issuer)
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    response.on('finish', () => {
      seen.push({
        method: request.method ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: request.headers as SeenRequest['headers'],
        body: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString())),
        status: response.statusCode,
      })
    })
    if (options.openerPolicy) {
      response.setHeader('cross-origin-opener-policy', options.openerPolicy)
    }
    if (url.pathname.startsWith('/api/')) void answerApi(request, response)
    else if (url.pathname.startsWith('/interaction/')) void interact(request, response)
    else void provider.callback()(request, response)
  })
  return {
    issuer,
    clientId: CLIENT,
    apiUrl: api,
    seen,
    requests: (path) => seen.filter((entry) => entry.path === path),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
