import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import { loadOidcProvider } from '../../demo/tenant/load-oidc-provider.mjs'
import { createBoundApi } from './create-bound-api.ts'
import { oneResource } from './one-resource.mjs'

/** What the provider demands, from now on. */
export interface StandardProviderOptions {
  /** Origins of the app, whose `/callback` is registered. */
  readonly origins: readonly string[]
  /** Its host by name. Default `localhost`. */
  readonly host?: string
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
  /** Whether it takes authorization requests by POST, for which cookies have to be open. */
  readonly takesPosts?: boolean
  /** Further headers of its pages, such as `X-Frame-Options`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Whether it shows its page for whoever is not signed in, even where `prompt=none` asks not to. */
  readonly ignoresPrompt?: boolean
  /** Headers of the API that a page may read. */
  readonly exposed?: string
  /** Answers instead of it, where that returns true. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean
}

/** A request that the provider or its API saw. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Readonly<Record<string, string>>
  readonly status: number
  /** The origin that was asked: loopback has several names. */
  readonly origin: string
  /** What the token endpoint answered. */
  readonly answer: string
  /** The nonce for proofs that the answer brought. */
  readonly nonce: unknown
}

/** A certified provider, and an API that verifies bound tokens in full. */
export interface StandardProvider {
  readonly issuer: string
  readonly clientId: string
  readonly apiUrl: string
  readonly seen: SeenRequest[]
  requests(path: string): SeenRequest[]
  /** Its metadata, as JSON. */
  metadata(): Promise<string>
  /** What it demands may change while it runs. */
  readonly options: {
    -readonly [Name in keyof StandardProviderOptions]: StandardProviderOptions[Name]
  }
  close(): Promise<void>
}

const CLIENT = 'capabilities-app'

/**
 * Starts `oidc-provider` as it comes: who is sent there is asked nothing, unless `prompt` or `hold`
 * in `login_hint` says so. Its API at `/api/` takes JWT access tokens, bound or not.
 */
export async function startStandardProvider(
  given: StandardProviderOptions,
): Promise<StandardProvider> {
  const options: StandardProvider['options'] = { ...given }
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const { port } = server.address() as AddressInfo
  const issuer = `http://${options.host ?? 'localhost'}:${port}`
  const api = `${issuer}/api/`
  const { default: Provider } = await loadOidcProvider()
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256', kid: 'one' }] },
    cookies: {
      keys: [randomBytes(24).toString('hex')],
      ...(options.takesPosts && { long: { sameSite: 'none' } }),
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
    enableHttpPostMethods: options.takesPosts ?? false,
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
        ...(options.dpopNonces !== undefined && { nonceSecret: randomBytes(32) }),
        requireNonce: () => options.dpopNonces ?? false,
      },
      pushedAuthorizationRequests: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: oneResource(api, () => options.lifetime ?? 3600),
    },
  } as never)
  const seen: SeenRequest[] = []
  const answerApi = createBoundApi({
    options,
    audience: api,
    issuer,
    keysUrl: `http://localhost:${port}/jwks`,
  })
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

  const route = (request: IncomingMessage, response: ServerResponse, url: URL) => {
    if (options.openerPolicy) {
      response.setHeader('cross-origin-opener-policy', options.openerPolicy)
    }
    for (const header of Object.entries(options.headers ?? {})) response.setHeader(...header)
    if (options.sameSite === 'none' || options.takesPosts) openCookies(response)
    if (options.intercept?.(request, response)) return
    const path = url.pathname
    // What is no more than an API to it, it does not let JWT access tokens into.
    if (path.startsWith('/api/') || path === '/me') void answerApi(request, response)
    else if (path.startsWith('/interaction/')) void interact(request, response)
    else if (
      path === '/auth' &&
      options.ignoresPrompt &&
      url.searchParams.get('prompt') === 'none'
    ) {
      response.writeHead(200, { 'content-type': 'text/html' }).end('Sign in')
    } else void provider.callback()(request, response)
  }

  server.on('request', (request, response) => {
    const url = new URL(request.url ?? '/', issuer)
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    const answer = url.pathname === '/token' ? readAnswer(response) : () => ''
    response.on('finish', () => {
      seen.push({
        method: request.method ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: request.headers as SeenRequest['headers'],
        body: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString())),
        status: response.statusCode,
        origin: `http://${request.headers.host}`,
        answer: answer(),
        nonce: response.getHeader('dpop-nonce'),
      })
    })
    const isRead = request.method === 'POST' && /^\/(auth$|session\/end)/.test(url.pathname)
    if (!isRead) return route(request, response, url)
    // By the time it wants to read the form, that has gone by.
    request.on('end', () => {
      const body = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()))
      route(Object.assign(request, { body }), response, url)
    })
  })
  return {
    issuer,
    clientId: CLIENT,
    apiUrl: api,
    seen,
    options,
    requests: (path) => seen.filter((entry) => entry.path === path),
    async metadata() {
      const address = `http://localhost:${port}`
      const text = await (await fetch(`${address}/.well-known/openid-configuration`)).text()
      return text.replaceAll(address, issuer)
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Lets the cookies of an answer go along across sites: browsers take `Secure` on loopback. */
function openCookies(response: ServerResponse): void {
  const setHeader = response.setHeader.bind(response)
  response.setHeader = (name, value) => {
    if (name.toLowerCase() !== 'set-cookie') return setHeader(name, value)
    const cookies = [value].flat().map((each) => String(each).replace(/; samesite=\w+/i, ''))
    return setHeader(
      name,
      cookies.map((cookie) => `${cookie}; SameSite=None; Secure`),
    )
  }
}

/** What an answer's body comes to. */
function readAnswer(response: ServerResponse): () => string {
  let text = ''
  const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse
  response.end = ((...given: unknown[]) => {
    text = String(given[0] ?? '')
    return end(...given)
  }) as typeof response.end
  return () => text
}
