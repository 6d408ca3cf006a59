import { createHash, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { KEYS, MARKER, type SigningKey, secret, signRaw } from './keys.ts'
import type { Grant, Json, Mutation, Reply } from './mutation.ts'

/** A request that reached the provider. */
export interface LoggedRequest {
  readonly endpoint: Endpoint
  readonly method: string
  readonly host: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: URLSearchParams
}

export type Endpoint =
  | 'discovery'
  | 'jwks'
  | 'authorize'
  | 'token'
  | 'userinfo'
  | 'revoke'
  | 'end-session'
  /** An address that nothing should lead to. */
  | 'elsewhere'

/** One OpenID provider among those of a server, honest but for its mutation. */
export interface Issuer {
  readonly url: string
  /** The same path on another origin, where nobody should go. */
  readonly elsewhere: string
  /** What it does otherwise; `{}` is honest. */
  mutation: Mutation
  /** Whether the user stays at the provider until somebody opens {@link Issuer.callbacks}. */
  interactive: boolean
  /** The key it signs with, and those it publishes. */
  signingKey: SigningKey
  keys: readonly Json[]
  readonly log: LoggedRequest[]
  /** The addresses that users were sent back to, oldest first. */
  readonly callbacks: string[]
  /** What must not be seen anywhere, besides what holds the marker: verifiers. */
  readonly secrets: Set<string>
  count(endpoint: Endpoint): number
  /** Resolves when an endpoint has been asked so many times. */
  reached(endpoint: Endpoint, times?: number): Promise<void>
  answer(request: LoggedRequest): Promise<Reply>
  note(request: LoggedRequest): void
  /** The time by this provider's clock, in seconds. */
  now(): number
}

interface Sign {
  readonly nonce: string | null
  readonly scope: string
  readonly authTime: number
}
interface Code extends Sign {
  readonly challenge: string
  readonly redirectUri: string
  used: boolean
}

export const CLIENT_ID = 'app'

const JSON_HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'access-control-allow-origin': '*',
}
const json = (body: unknown, status = 200): Reply => ({
  status,
  headers: JSON_HEADERS,
  body: JSON.stringify(body) ?? '',
})
const refuse = (error: string, description: string): Reply =>
  json({ error, error_description: description }, 400)

/** Makes a provider below `url`. It signs users in without asking anything. */
export function createIssuer(url: string, elsewhere: string): Issuer {
  const codes = new Map<string, Code>()
  const refreshTokens = new Map<string, Sign>()
  const accessTokens = new Set<string>()
  const waiting = new Set<() => void>()
  const subject = `user-${randomUUID()}`

  const issuer: Issuer = {
    url,
    elsewhere,
    mutation: {},
    interactive: false,
    signingKey: KEYS.honest,
    keys: [KEYS.honest.jwk],
    log: [],
    callbacks: [],
    secrets: new Set(),
    count: (endpoint) => issuer.log.filter((request) => request.endpoint === endpoint).length,
    reached: (endpoint, times = 1) =>
      new Promise((resolve) => {
        const check = () => {
          if (issuer.count(endpoint) < times) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
    note(request) {
      issuer.log.push(request)
      for (const check of [...waiting]) check()
    },
    now: () => Math.floor((Date.now() + (issuer.mutation.clock ?? 0)) / 1000),
    async answer(request) {
      const { mutation } = issuer
      const nth = issuer.count(request.endpoint)
      if (request.method === 'OPTIONS') return preflight()
      switch (request.endpoint) {
        case 'discovery': {
          const document = metadata()
          const reply = json(
            mutation.metadata ? await mutation.metadata(document, issuer) : document,
          )
          return (await mutation.discoveryReply?.(reply, issuer, nth)) ?? reply
        }
        case 'jwks': {
          const set = { keys: issuer.keys }
          const reply = json(mutation.keySet ? await mutation.keySet(set, issuer) : set)
          return (await mutation.keySetReply?.(reply, issuer, nth)) ?? reply
        }
        case 'authorize':
          return authorize(request.url)
        case 'token': {
          const reply = await token(request.body, nth)
          return (await mutation.tokenReply?.(reply, issuer, nth)) ?? reply
        }
        case 'userinfo': {
          const reply = await userInfo(request.headers.authorization)
          return (await mutation.userInfoReply?.(reply, issuer, nth)) ?? reply
        }
        case 'revoke': {
          refreshTokens.delete(request.body.get('token') ?? '')
          const reply = json({})
          return (await mutation.revocationReply?.(reply, issuer, nth)) ?? reply
        }
        default:
          return json({}, 404)
      }
    },
  }
  return issuer

  function metadata(): Json {
    return {
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/jwks`,
      userinfo_endpoint: `${url}/userinfo`,
      revocation_endpoint: `${url}/revoke`,
      end_session_endpoint: `${url}/end-session`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    }
  }

  async function authorize({ searchParams: asked }: URL): Promise<Reply> {
    const once = [...asked.keys()].every((name) => asked.getAll(name).length === 1)
    const sound =
      asked.get('response_type') === 'code' &&
      asked.get('client_id') === CLIENT_ID &&
      asked.get('code_challenge_method') === 'S256' &&
      /^[\w-]{43}$/.test(asked.get('code_challenge') ?? '') &&
      asked.has('state')
    if (!once || !sound) return { status: 400, headers: {}, body: 'Malformed request' }
    // Characters that a careless client would change on the way.
    const code = `${secret('code')} +/=%2B&#ü`
    const redirectUri = asked.get('redirect_uri') ?? ''
    codes.set(code, {
      challenge: asked.get('code_challenge') ?? '',
      redirectUri,
      nonce: asked.get('nonce'),
      scope: asked.get('scope') ?? '',
      authTime: issuer.now(),
      used: false,
    })
    const back = new URL(redirectUri)
    back.searchParams.set('code', code)
    back.searchParams.set('state', asked.get('state') ?? '')
    back.searchParams.set('iss', url)
    const location = String((await issuer.mutation.callback?.(back, issuer)) ?? back)
    issuer.callbacks.push(location)
    const headers = { 'set-cookie': 'provider=session; HttpOnly; Path=/' }
    if (issuer.interactive) {
      return {
        status: 200,
        headers: { ...headers, 'content-type': 'text/html' },
        body: '<p>Sign in',
      }
    }
    return { status: 303, headers: { ...headers, location }, body: '' }
  }

  async function token(body: URLSearchParams, nth: number): Promise<Reply> {
    if (body.get('client_id') !== CLIENT_ID) return refuse('invalid_client', 'Who is this?')
    const type = body.get('grant_type')
    if (type === 'authorization_code') return redeem(body, nth)
    if (type === 'refresh_token') return refresh(body, nth)
    return refuse('unsupported_grant_type', 'Nothing is known of this grant.')
  }

  async function redeem(body: URLSearchParams, nth: number): Promise<Reply> {
    const verifier = body.get('code_verifier') ?? ''
    if (verifier) issuer.secrets.add(verifier)
    const code = codes.get(body.get('code') ?? '')
    if (!code) return refuse('invalid_grant', 'The code is unknown.')
    if (code.used) return refuse('invalid_grant', 'The code was used before.')
    code.used = true
    if (createHash('sha256').update(verifier).digest('base64url') !== code.challenge) {
      return refuse('invalid_grant', 'The verifier is not that of the request.')
    }
    if (body.get('redirect_uri') !== code.redirectUri) {
      return refuse('invalid_grant', 'The redirect URI is not that of the request.')
    }
    return grant(code, { type: 'authorization_code', accessToken: secret('access'), nth })
  }

  async function refresh(body: URLSearchParams, nth: number): Promise<Reply> {
    const refreshToken = body.get('refresh_token') ?? ''
    const sign = refreshTokens.get(refreshToken)
    if (!sign) return refuse('invalid_grant', 'The refresh token is unknown, or was used.')
    refreshTokens.delete(refreshToken)
    const renewed = { ...sign, nonce: null }
    return grant(renewed, { type: 'refresh_token', accessToken: secret('access'), nth })
  }

  async function grant(sign: Sign, grant: Grant): Promise<Reply> {
    const refreshToken = secret('refresh')
    refreshTokens.set(refreshToken, sign)
    accessTokens.add(grant.accessToken)
    const response = {
      access_token: grant.accessToken,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: refreshToken,
      scope: sign.scope,
      ...(sign.scope.split(' ').includes('openid') && { id_token: await idToken(sign, grant) }),
    }
    const { tokens } = issuer.mutation
    return json(tokens ? tokens(response, grant, issuer) : response)
  }

  async function idToken({ nonce, authTime }: Sign, grant: Grant): Promise<string> {
    const { mutation, signingKey } = issuer
    const now = issuer.now()
    let claims: Json = {
      iss: url,
      sub: subject,
      aud: CLIENT_ID,
      exp: now + 300,
      iat: now,
      auth_time: authTime,
      ...(nonce && { nonce }),
      at_hash: halfHash('sha256', grant.accessToken),
      jti: secret('jwt'),
    }
    claims = mutation.claims?.(claims, grant, issuer) ?? claims
    // What is no JSON, such as `undefined`, is absent.
    claims = JSON.parse(JSON.stringify(claims))
    let header: Json = { alg: signingKey.alg, kid: signingKey.kid, typ: 'JWT', note: MARKER }
    header = (await mutation.header?.(header, issuer)) ?? header
    if (mutation.idToken) return mutation.idToken({ header, claims }, issuer)
    if (mutation.header) return signRaw(header, claims, signingKey.privateKey, signingKey.alg)
    return new SignJWT(claims).setProtectedHeader(header as never).sign(signingKey.privateKey)
  }

  async function userInfo(authorization: unknown): Promise<Reply> {
    if (!accessTokens.has(String(authorization).replace(/^Bearer /, ''))) {
      return { ...json({}, 401), headers: { ...JSON_HEADERS, 'www-authenticate': 'Bearer' } }
    }
    const claims = { sub: subject, name: 'Monika A.' }
    const { userInfo: change } = issuer.mutation
    return json(change ? await change(claims, issuer) : claims)
  }
}

/** `at_hash` (OpenID Connect Core §3.1.3.6). */
export function halfHash(hash: string, accessToken: string): string {
  const digest = createHash(hash).update(accessToken).digest()
  return digest.subarray(0, digest.length / 2).toString('base64url')
}

function preflight(): Reply {
  const headers = {
    'access-control-allow-origin': '*',
    'access-control-allow-headers': 'authorization',
  }
  return { status: 204, headers, body: '' }
}
