import { createHash } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { ProviderMetadata } from 'tessera-auth'
import { listen, readBody } from './listen.ts'

/** What the provider says about whom, from now on. */
export interface ProviderAnswers {
  /** Who signs in. */
  user: string
  acr: string | undefined
  authTime: number | undefined
  /** Seconds. */
  lifetime: number
  /** Waited for before a refresh is answered. */
  beforeRefresh: Promise<void> | undefined
  /** Status and error of a refresh that is refused. */
  refuseRefresh: { readonly status: number; readonly error: string } | undefined
  /** The scope of what a refresh gives, if it is another one. */
  renewedScope: string | undefined
  /** Whether a refresh gives the same access token once more. */
  sameToken: boolean
}

export interface FetchProvider {
  readonly metadata: ProviderMetadata
  readonly answers: ProviderAnswers
  /** Parameters of the authorization requests, oldest first. */
  readonly authorizations: Record<string, string>[]
  /** Bodies of the token requests, oldest first. */
  readonly tokenRequests: Record<string, string>[]
  refreshes(): number
  reset(): void
  close(): Promise<void>
}

const CLIENT = 'fetch-app'

const defaults = (): ProviderAnswers => ({
  user: 'monika',
  acr: undefined,
  authTime: undefined,
  lifetime: 3600,
  beforeRefresh: undefined,
  refuseRefresh: undefined,
  renewedScope: undefined,
  sameToken: false,
})

/**
 * A provider that asks nobody anything: who is sent there comes straight back. Tokens are opaque and
 * numbered, and refresh tokens rotate: one that was used is refused.
 */
export async function startProvider(): Promise<FetchProvider> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }
  const answers = defaults()
  const authorizations: Record<string, string>[] = []
  const tokenRequests: Record<string, string>[] = []
  const codes = new Map<string, Record<string, string>>()
  const grants = new Map<string, { sub: string; scope: string }>()
  let count = 0

  const issue = async (sub: string, scope: string, resource: string, nonce?: string) => {
    const refresh_token = `refresh-${++count}`
    grants.set(refresh_token, { sub, scope })
    const now = Math.floor(Date.now() / 1000)
    const id_token = await new SignJWT({
      ...(nonce && { nonce }),
      ...(answers.acr && { acr: answers.acr }),
      ...(answers.authTime && { auth_time: answers.authTime }),
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setIssuer(metadata.issuer)
      .setAudience(CLIENT)
      .setSubject(sub)
      .setIssuedAt(now)
      .setExpirationTime(now + 600)
      .sign(privateKey)
    const access_token = answers.sameToken ? 'always-the-same' : `access-${count}${resource}`
    return {
      access_token,
      token_type: 'Bearer',
      expires_in: answers.lifetime,
      scope,
      refresh_token,
      ...(scope.split(' ').includes('openid') && { id_token }),
    }
  }

  const answerToken = async (body: Record<string, string>): Promise<[number, object]> => {
    const resource = body.resource ? `/for/${new URL(body.resource).host}` : ''
    if (body.grant_type === 'authorization_code') {
      const asked = codes.get(body.code ?? '')
      codes.delete(body.code ?? '')
      const challenge = createHash('sha256')
        .update(body.code_verifier ?? '')
        .digest('base64url')
      if (!asked || asked.code_challenge !== challenge) return [400, { error: 'invalid_grant' }]
      return [200, await issue(answers.user, asked.scope ?? '', resource, asked.nonce)]
    }
    await answers.beforeRefresh
    if (answers.refuseRefresh) {
      const { status, error } = answers.refuseRefresh
      return [status, { error }]
    }
    const grant = grants.get(body.refresh_token ?? '')
    grants.delete(body.refresh_token ?? '')
    if (!grant) return [400, { error: 'invalid_grant' }]
    return [200, await issue(grant.sub, answers.renewedScope ?? grant.scope, resource)]
  }

  const server = await listen(async (request, response) => {
    const url = new URL(request.url ?? '/', metadata.issuer)
    response.setHeader('access-control-allow-origin', '*')
    if (url.pathname === '/authorize') {
      const asked = Object.fromEntries(url.searchParams)
      authorizations.push(asked)
      const code = `code-${++count}`
      codes.set(code, asked)
      const back = new URL(asked.redirect_uri ?? '')
      back.search = String(
        new URLSearchParams({ code, state: asked.state ?? '', iss: metadata.issuer }),
      )
      return void response.writeHead(303, { location: back.href }).end()
    }
    const body = Object.fromEntries(new URLSearchParams(String(await readBody(request))))
    tokenRequests.push(body)
    const [status, content] = await answerToken(body)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(content))
  })
  const issuer = `http://localhost:${server.port}`
  const metadata: ProviderMetadata = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    authorization_response_iss_parameter_supported: true,
    id_token_signing_alg_values_supported: ['ES256'],
    jwks: { keys: [jwk] },
  }
  return {
    metadata,
    answers,
    authorizations,
    tokenRequests,
    refreshes: () => tokenRequests.filter((body) => body.grant_type === 'refresh_token').length,
    reset() {
      Object.assign(answers, defaults())
      authorizations.splice(0)
      tokenRequests.splice(0)
    },
    close: server.close,
  }
}
