import { createHash, randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bank, startBank } from '../../demo/bank/start-bank.mjs'
import { startTenant, type Tenant, type TenantApp } from '../../demo/tenant/start-tenant.mjs'
import { headingOf, openBrowser } from './browser.ts'
import {
  authorizationRequest,
  claimsOf,
  getTokens,
  REDIRECT_URI,
  type Reply,
  readReply,
  send,
  travel,
} from './journey.ts'

type MakeProof = (method: string, url: string, token?: string) => Promise<Record<string, string>>

let tenant: Tenant
let bank: Bank

const appOf = ({ apps }: Tenant) => apps['taxefile-standard']
const trust = ({ issuer, clientId: audience, metadata }: Tenant['apps']['taxefile']) => ({
  issuer,
  audience,
  jwksUri: metadata.jwks_uri,
})

beforeAll(async () => {
  tenant = await startTenant({ redirectUris: [REDIRECT_URI] })
  bank = await startBank({ ...trust(tenant.apps.taxefile), standard: trust(appOf(tenant)) })
})
afterAll(async () => {
  await bank.stop()
  await tenant.stop()
})

/** A key, and the header with a proof of it (RFC 9449 §4.2). */
async function createProver(): Promise<MakeProof> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)
  return async (htm, htu, token) => {
    const ath = token && createHash('sha256').update(token).digest('base64url')
    const proof = new SignJWT({ htm, htu, jti: randomUUID(), ...(ath && { ath }) })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
      .setIssuedAt()
    return { dpop: await proof.sign(privateKey) }
  }
}

/** Sends a request ahead; gives the reference to it and its verifier. */
async function push(headers: Record<string, string>) {
  const app = appOf(tenant)
  const { url, verifier } = authorizationRequest(app, { scope: 'openid accounts.read' })
  const fields = Object.fromEntries(new URL(url).searchParams)
  const reply = await send(endpointOf('pushed_authorization_request_endpoint'), fields, headers)
  expect(reply.status).toBe(201)
  const rest = Object.keys(fields).filter((name) => name !== 'client_id')
  const parameters = Object.fromEntries(rest.map((name) => [name, undefined]))
  return { verifier, parameters: { ...parameters, request_uri: reply.body.request_uri } }
}

const endpointOf = (name: keyof TenantApp['metadata']) => String(appOf(tenant).metadata[name])

async function getBoundToken(prove: MakeProof): Promise<Reply['body']> {
  const app = appOf(tenant)
  const pushed = await push(
    await prove('POST', endpointOf('pushed_authorization_request_endpoint')),
  )
  const { answer } = await travel(tenant, { app, parameters: pushed.parameters })
  const endpoint = app.metadata.token_endpoint
  const fields = {
    grant_type: 'authorization_code',
    client_id: app.clientId,
    redirect_uri: REDIRECT_URI,
    code: answer.code,
    code_verifier: pushed.verifier,
  }
  const { body } = await send(endpoint, fields, await prove('POST', endpoint))
  return body
}

async function call(headers: Record<string, string>): Promise<Reply> {
  return readReply(await fetch(`${bank.url}/api/accounts`, { headers }))
}

test('no app but the standard one takes pushed requests and DPoP, and says so', async () => {
  const { metadata } = appOf(tenant)
  expect(metadata).toMatchObject({
    pushed_authorization_request_endpoint: `${tenant.url}/OAuth2/Push/taxefile-standard`,
    dpop_signing_alg_values_supported: ['ES256'],
  })
  expect(Object.keys(metadata)).toHaveLength(15)
  expect(Object.keys(tenant.apps.taxefile.metadata)).toHaveLength(13)
  const { status } = await send(`${tenant.url}/OAuth2/Push/taxefile`, {})
  expect(status).toBe(404)
})

test('a pushed request is used once, and by the client that pushed it', async () => {
  const app = appOf(tenant)
  const { parameters } = await push({})
  const other = { ...parameters, client_id: tenant.apps.taxefile.clientId }
  const visit = (which: typeof other | typeof parameters) =>
    openBrowser().get(authorizationRequest(app, which).url)
  expect(headingOf(await visit(other))).toBe('This request is over')
  const { answer, pages } = await travel(tenant, { app, parameters })
  expect(pages).toEqual(['Sign in', 'Allow Tax eFile?'])
  expect(answer).toMatchObject({ state: 'the-state' })
  expect(headingOf(await visit(parameters))).toBe('This request is over')
})

test('a bound token says so, and opens the bank with a proof of its key alone', async () => {
  const prove = await createProver()
  const { token_type, access_token: token } = await getBoundToken(prove)
  expect(token_type).toBe('DPoP')
  expect(claimsOf(token)).toMatchObject({
    aud: appOf(tenant).clientId,
    client_id: appOf(tenant).clientId,
    cnf: { jkt: expect.stringMatching(/^[\w-]{43}$/) },
    scope: 'accounts.read openid',
  })
  const url = `${bank.url}/api/accounts`
  const authorization = `DPoP ${token}`
  const proof = await prove('GET', url, token)
  expect((await call({ authorization, ...proof })).status).toBe(200)

  const stranger = await createProver()
  const refused = [
    { authorization: `Bearer ${token}` },
    { authorization },
    { authorization, ...proof },
    { authorization, ...(await prove('POST', url, token)) },
    { authorization, ...(await stranger('GET', url, token)) },
  ]
  for (const headers of refused) {
    const { status, headers: answered } = await call(headers)
    expect(status).toBe(401)
    expect(answered.get('www-authenticate')).toMatch(/^DPoP realm="bank", error="invalid_token"/)
  }
  const { status } = await readReply(
    await fetch(`${tenant.url}/cdirectoryservice/getuser`, {
      headers: { authorization: `Bearer ${token}` },
    }),
  )
  expect(status).toBe(401)
})

test('the bank takes a token that is bound to nothing as a bearer token, and no other way', async () => {
  const parameters = { scope: 'openid accounts.read' }
  const { access_token: token } = await getTokens(tenant, { parameters })
  expect((await call({ authorization: `Bearer ${token}` })).status).toBe(200)
  const { status, body: problem } = await call({ authorization: `DPoP ${token}` })
  expect([status, problem.detail]).toEqual([401, 'This access token is not bound to a key.'])
})
