import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startTenant, type Tenant, type TenantApp } from '../../demo/tenant/start-tenant.mjs'
import {
  basic,
  claimsOf,
  getTokens,
  REDIRECT_URI,
  redeem,
  refresh,
  send,
  travel,
} from './journey.ts'

const MONIKA = '4f6a2b0e-3c1d-4e8a-9b57-0d2c8e1f7a63'
const UNKNOWN_CODE = {
  error: 'invalid_grant',
  error_description: 'supplied code does not match known request',
}
const NOT_ALLOWED = {
  error: 'access_denied',
  error_description: 'invalid client creds or client not allowed',
}
const UNKNOWN_REFRESH_TOKEN = {
  error: 'invalid_grant',
  error_description: 'supplied refresh token does not match known request',
}

let tenant: Tenant
let taxefile: TenantApp
let api: TenantApp
let defaults: Tenant['switches']

beforeAll(async () => {
  tenant = await startTenant({ redirectUris: [REDIRECT_URI] })
  taxefile = tenant.apps.taxefile
  api = tenant.apps['taxefile-api']
  defaults = { ...tenant.switches }
})
afterEach(() => {
  tenant.set(defaults)
  tenant.forgetConsents()
})
afterAll(() => tenant.stop())

const now = () => Math.floor(Date.now() / 1000)

describe('tokens', () => {
  test('of the OpenID Connect app have the claims of the guide and no other', async () => {
    const scope = 'openid profile accounts.read'
    const tokens = await getTokens(tenant, { parameters: { scope } })
    expect(tokens).toStrictEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 18000,
      id_token: expect.any(String),
      refresh_token: expect.any(String),
      scope: 'profile accounts.read openid',
    })
    const claims = {
      auth_time: expect.any(Number),
      iss: `${tenant.url}/taxefile/`,
      iat: expect.any(Number),
      aud: taxefile.clientId,
      unique_name: 'monika.a',
      exp: expect.any(Number),
      sub: MONIKA,
      nonce: 'abc',
    }
    expect(decodeJwt(tokens.id_token)).toStrictEqual(claims)
    expect(decodeJwt(tokens.access_token)).toStrictEqual({
      ...claims,
      scope: 'profile accounts.read openid',
    })
    expect(Object.keys(decodeJwt(tokens.access_token))).toStrictEqual([
      ...['auth_time', 'iss', 'iat', 'aud', 'unique_name', 'exp', 'sub', 'nonce', 'scope'],
    ])
  })

  test('are signed with RS256 and a published key', async () => {
    const tokens = await getTokens(tenant)
    const keys = createRemoteJWKSet(new URL(taxefile.metadata.jwks_uri))
    for (const jwt of [tokens.id_token, tokens.access_token]) {
      expect(decodeProtectedHeader(jwt)).toStrictEqual({
        typ: 'JWT',
        alg: 'RS256',
        kid: expect.any(String),
        ...(jwt === tokens.id_token && { app_id: 'taxefile' }),
      })
      const { issuer, clientId: audience } = taxefile
      await expect(jwtVerify(jwt, keys, { issuer, audience })).resolves.toBeDefined()
    }
  })

  test('of the OAuth2 Client app are an access token alone, with openid appended', async () => {
    const tokens = await getTokens(tenant, { app: api })
    expect(Object.keys(tokens)).toStrictEqual([
      ...['access_token', 'token_type', 'expires_in', 'refresh_token', 'scope'],
    ])
    expect(tokens.scope).toBe('ReadUserProfile openid')
    expect(claimsOf(tokens.access_token)).toStrictEqual({
      iss: `${tenant.url}/taxefile-api/`,
      aud: 'taxefile-web',
      unique_name: 'monika.a',
      sub: MONIKA,
      nonce: 'abc',
      scope: 'ReadUserProfile openid',
    })
  })

  test('have no nonce when none was sent', async () => {
    const tokens = await getTokens(tenant, { parameters: { nonce: undefined } })
    expect(decodeJwt(tokens.id_token)).not.toHaveProperty('nonce')
    expect(decodeJwt(tokens.access_token)).not.toHaveProperty('nonce')
  })

  test('oauth2IdToken included: the OAuth2 Client app sends an ID token unasked', async () => {
    tenant.set({ oauth2IdToken: 'included' })
    const tokens = await getTokens(tenant, { app: api })
    expect(claimsOf(tokens.id_token)).toStrictEqual({
      iss: api.issuer,
      aud: 'taxefile-web',
      unique_name: 'monika.a',
      sub: MONIKA,
      nonce: 'abc',
    })
  })

  test('profileInIdToken included: the ID token has the claims of its scopes', async () => {
    tenant.set({ profileInIdToken: 'included' })
    const parameters = { scope: 'openid profile email phone' }
    const { id_token, access_token } = await getTokens(tenant, { parameters })
    expect(claimsOf(id_token)).toMatchObject({
      name: 'Monika A.',
      given_name: 'Monika A.',
      family_name: 'Monika A.',
      preferred_username: 'monika.a',
      email: 'monika.a@tenant.example',
      email_verified: true,
      phone_number: '+49 30 5550 1001',
      phone_number_verified: true,
    })
    expect(claimsOf(access_token)).not.toHaveProperty('name')
  })

  test('live five hours from now, and auth_time is when the user signed in', async () => {
    const before = now()
    const { id_token, access_token } = await getTokens(tenant)
    for (const jwt of [id_token, access_token]) {
      const { iat = 0, exp = 0, auth_time } = decodeJwt<{ auth_time: number }>(jwt)
      expect(exp - iat).toBe(18000)
      expect(iat).toBeGreaterThanOrEqual(before)
      expect(auth_time).toBeGreaterThanOrEqual(before)
      expect(auth_time).toBeLessThanOrEqual(now())
    }
  })

  test('tokenLifetime: expires_in and exp follow', async () => {
    tenant.set({ tokenLifetime: 30 })
    const { expires_in, access_token } = await getTokens(tenant)
    const { iat = 0, exp } = decodeJwt(access_token)
    expect([expires_in, exp]).toStrictEqual([30, iat + 30])
  })

  test('clockOffset: every time in the tokens is shifted, and they work all the same', async () => {
    tenant.set({ clockOffset: -36_000 })
    const before = now()
    const { id_token, access_token } = await getTokens(tenant)
    const after = now()
    const { iat = 0, exp, auth_time } = decodeJwt<{ auth_time: number }>(id_token)
    for (const time of [iat, auth_time]) {
      expect(time + 36_000).toBeGreaterThanOrEqual(before)
      expect(time + 36_000).toBeLessThanOrEqual(after)
    }
    expect(exp).toBe(iat + 18_000)
    const { status } = await userInfo(taxefile, access_token)
    expect(status).toBe(200)
  })

  test('of one second differ, though nothing in them is unique', async () => {
    const { browser } = await travel(tenant)
    const all = []
    for (let i = 0; i < 3; i++) all.push((await getTokens(tenant, { browser })).access_token)
    expect(new Set(all).size).toBe(3)
    for (const { iat = 0, exp } of all.map((jwt) => decodeJwt(jwt))) expect(exp).toBe(iat + 18000)
  })

  test('rotateKeys() signs with a new key and keeps the old one published, or not', async () => {
    const { id_token } = await getTokens(tenant)
    const keys = async () => (await (await fetch(taxefile.metadata.jwks_uri)).json()).keys
    const [key] = await keys()
    expect(key).toStrictEqual({
      use: 'sig',
      n: expect.any(String),
      kid: decodeProtectedHeader(id_token).kid,
      kty: 'RSA',
      alg: 'RS256',
      e: 'AQAB',
    })
    await tenant.rotateKeys()
    const [newer, older] = await keys()
    expect(older).toStrictEqual(key)
    const next = await getTokens(tenant)
    expect(decodeProtectedHeader(next.id_token).kid).toBe(newer.kid)
    await tenant.rotateKeys({ keepPrevious: false })
    expect(await keys()).toHaveLength(1)
    expect((await keys())[0].kid).not.toBe(newer.kid)
  })
})

describe('the token endpoint', () => {
  test('refuses a used code, and takes back what came of it', async () => {
    tenant.set({ refresh: 'allowed' })
    const back = await travel(tenant)
    const { body: tokens } = await redeem(taxefile, back)
    const second = await redeem(taxefile, back)
    expect([second.status, second.body]).toStrictEqual([400, UNKNOWN_CODE])
    expect((await userInfo(taxefile, tokens.access_token)).status).toBe(401)
    expect((await refresh(taxefile, tokens.refresh_token)).body).toStrictEqual(
      UNKNOWN_REFRESH_TOKEN,
    )
  })

  test('gives one of two requests with the same code its tokens', async () => {
    const back = await travel(tenant)
    const replies = await Promise.all([redeem(taxefile, back), redeem(taxefile, back)])
    expect(replies.map(({ status }) => status).sort()).toStrictEqual([200, 400])
  })

  test.each([
    ['an unknown code', { code: 'x'.repeat(44) }, UNKNOWN_CODE],
    ['another redirect URI', { redirect_uri: `${REDIRECT_URI}/` }, UNKNOWN_CODE],
    [
      'a wrong verifier',
      { code_verifier: 'v'.repeat(43) },
      { error: 'invalid_grant', error_description: 'challenge mismatch' },
    ],
    [
      'a verifier that is too short',
      { code_verifier: 'v' },
      { error: 'invalid_grant', error_description: 'challenge mismatch' },
    ],
    ['no verifier', { code_verifier: undefined }, NOT_ALLOWED],
    ['an unknown client', { client_id: 'wrong' }, NOT_ALLOWED],
    ['no client', { client_id: undefined }, NOT_ALLOWED],
    ['a wrong secret', { client_secret: 'wrong' }, NOT_ALLOWED],
    [
      'another grant type',
      { grant_type: 'client_credentials' },
      {
        error: 'unsupported_grant_type',
        error_description: 'unsupported grant_type requested',
      },
    ],
  ])('refuses %s', async (_, fields, error) => {
    const reply = await redeem(taxefile, await travel(tenant), fields)
    expect([reply.status, reply.body]).toStrictEqual([400, error])
  })

  test("refuses another app's code", async () => {
    const { answer, verifier } = await travel(tenant)
    expect((await redeem(api, { answer, verifier })).body).toStrictEqual(UNKNOWN_CODE)
  })

  test('sends errors without a Content-Type, tokenErrorType json with one', async () => {
    const reply = await redeem(taxefile, { answer: {}, verifier: 'v'.repeat(43) })
    expect(reply.status).toBe(400)
    expect(reply.headers.get('content-type')).toBeNull()
    tenant.set({ tokenErrorType: 'json' })
    const typed = await redeem(taxefile, { answer: {}, verifier: 'v'.repeat(43) })
    expect(typed.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(typed.body).toStrictEqual(reply.body)
  })

  test('never lets its answers be cached', async () => {
    const { headers } = await redeem(taxefile, await travel(tenant))
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('clientType Confidential: wants the secret, in the body or by HTTP Basic', async () => {
    tenant.set({ clientType: 'Confidential' })
    const { clientId, clientSecret } = taxefile
    const parameters = { code_challenge: undefined, code_challenge_method: undefined }
    const withoutVerifier = { code_verifier: undefined }
    const back = await travel(tenant, { parameters })
    expect((await redeem(taxefile, back)).body).toStrictEqual(NOT_ALLOWED)
    const inBody = { ...withoutVerifier, client_secret: clientSecret }
    expect((await redeem(taxefile, back, inBody)).status).toBe(200)
    const { answer } = await travel(tenant, { parameters })
    const form = { grant_type: 'authorization_code', code: answer.code, redirect_uri: REDIRECT_URI }
    const { token_endpoint } = taxefile.metadata
    expect((await send(token_endpoint, form, basic(clientId, clientSecret))).status).toBe(200)
  })

  test('clientType Anything: takes a verifier or a secret', async () => {
    tenant.set({ clientType: 'Anything' })
    expect((await redeem(taxefile, await travel(tenant))).status).toBe(200)
    const parameters = { code_challenge: undefined, code_challenge_method: undefined }
    const back = await travel(tenant, { parameters })
    const fields = { code_verifier: undefined }
    expect((await redeem(taxefile, back, fields)).body).toStrictEqual(NOT_ALLOWED)
    const secret = { ...fields, client_secret: taxefile.clientSecret }
    expect((await redeem(taxefile, back, secret)).status).toBe(200)
  })

  test('oauth2ClientType Confidential: the other app wants its secret', async () => {
    tenant.set({ oauth2ClientType: 'Confidential' })
    const back = await travel(tenant, { app: api })
    expect((await redeem(api, back)).body).toStrictEqual(NOT_ALLOWED)
    const { status } = await redeem(api, back, { client_secret: api.clientSecret })
    expect(status).toBe(200)
  })

  test('revokeAll() takes back codes and tokens', async () => {
    const back = await travel(tenant)
    const { access_token } = await getTokens(tenant)
    tenant.revokeAll()
    expect((await redeem(taxefile, back)).body).toStrictEqual(UNKNOWN_CODE)
    expect((await userInfo(taxefile, access_token)).status).toBe(401)
  })
})

describe('refresh', () => {
  test('refused: wants the secret', async () => {
    const { refresh_token } = await getTokens(tenant)
    const reply = await refresh(taxefile, refresh_token)
    expect([reply.status, reply.body]).toStrictEqual([400, NOT_ALLOWED])
    const secret = { client_secret: taxefile.clientSecret }
    expect((await refresh(taxefile, refresh_token, secret)).status).toBe(200)
  })

  test('withheld: no refresh token, whatever the scope says', async () => {
    tenant.set({ refresh: 'withheld' })
    const parameters = { scope: 'openid offline_access' }
    expect(await getTokens(tenant, { parameters })).not.toHaveProperty('refresh_token')
  })

  test('allowed, rotation on: new tokens, and the old one used again ends the family', async () => {
    tenant.set({ refresh: 'allowed' })
    const first = await getTokens(tenant, { parameters: { scope: 'openid accounts.read' } })
    const { body: second } = await refresh(taxefile, first.refresh_token)
    expect(second).toStrictEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 18000,
      refresh_token: expect.any(String),
      scope: 'accounts.read openid',
    })
    expect(second.access_token).not.toBe(first.access_token)
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(claimsOf(second.access_token)).toStrictEqual(claimsOf(first.access_token))
    const replayed = await refresh(taxefile, first.refresh_token)
    expect(replayed.body).toStrictEqual(UNKNOWN_REFRESH_TOKEN)
    const heir = await refresh(taxefile, second.refresh_token)
    expect(heir.body).toStrictEqual(UNKNOWN_REFRESH_TOKEN)
    expect((await userInfo(taxefile, second.access_token)).status).toBe(401)
  })

  test('leaves other sign-ins alone when a family ends', async () => {
    tenant.set({ refresh: 'allowed' })
    const { browser } = await travel(tenant)
    const one = await getTokens(tenant, { browser })
    const other = await getTokens(tenant, { browser })
    await refresh(taxefile, one.refresh_token)
    await refresh(taxefile, one.refresh_token)
    expect((await refresh(taxefile, other.refresh_token)).status).toBe(200)
  })

  test('finds out about a refresh token that comes twice at once', async () => {
    tenant.set({ refresh: 'allowed' })
    const { refresh_token } = await getTokens(tenant)
    const replies = await Promise.all([
      refresh(taxefile, refresh_token),
      refresh(taxefile, refresh_token),
    ])
    expect(replies.map(({ status }) => status).sort()).toStrictEqual([200, 400])
  })

  test('rotation off: no new refresh token, and the old one stays good', async () => {
    tenant.set({ refresh: 'allowed', rotation: 'off' })
    const { refresh_token } = await getTokens(tenant)
    for (let i = 0; i < 2; i++) {
      const { status, body } = await refresh(taxefile, refresh_token)
      expect(status).toBe(200)
      expect(body).not.toHaveProperty('refresh_token')
    }
  })

  test('refreshIdToken included: with the subject, nonce and auth_time of the first', async () => {
    tenant.set({ refresh: 'allowed', refreshIdToken: 'included' })
    const first = await getTokens(tenant)
    const { body: second } = await refresh(taxefile, first.refresh_token)
    expect(claimsOf(second.id_token)).toStrictEqual(claimsOf(first.id_token))
    expect(decodeJwt(second.id_token).auth_time).toBe(decodeJwt(first.id_token).auth_time)
  })

  test('outlives the single sign-on session', async () => {
    tenant.set({ refresh: 'allowed' })
    const { refresh_token } = await getTokens(tenant)
    tenant.endSessions()
    expect((await refresh(taxefile, refresh_token)).status).toBe(200)
  })
})

describe('the password grant', () => {
  const credentials = () => basic('taxefile-batch', api.clientSecret)
  const form = {
    grant_type: 'password',
    scope: 'ReadUserProfile',
    username: 'monika.a',
    password: 'Monika-demo-1',
  }

  async function sendJson(body: object, headers = credentials()) {
    const response = await fetch(`${tenant.url}/oauth2/token/taxefile-api`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return response.json()
  }

  test("takes the form of the vendor's SDKs", async () => {
    const { status, body } = await send(api.metadata.token_endpoint, form, credentials())
    expect(status).toBe(200)
    expect(body).toStrictEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 18000,
      scope: 'ReadUserProfile openid',
    })
    expect(claimsOf(body.access_token)).toStrictEqual({
      iss: api.issuer,
      aud: 'taxefile-batch',
      unique_name: 'monika.a',
      sub: MONIKA,
      scope: 'ReadUserProfile openid',
    })
  })

  test('needs no scope', async () => {
    const { scope, ...rest } = form
    const { body } = await send(api.metadata.token_endpoint, rest, credentials())
    expect(body.scope).toBe('openid')
  })

  test("jsonPassword accepted, refused: the guide's JSON body", async () => {
    const { username, ...rest } = form
    const json = { ...rest, user_name: username }
    expect(await sendJson(json)).toMatchObject({ scope: 'ReadUserProfile openid' })
    tenant.set({ jsonPassword: 'refused' })
    expect(await sendJson(json)).toStrictEqual({
      error: 'invalid_request',
      error_description: 'the body has to be a form',
    })
  })

  test('takes JSON for a password only', async () => {
    expect(await sendJson({ grant_type: 'refresh_token' })).toStrictEqual({
      error: 'invalid_request',
      error_description: 'the body has to be a form',
    })
  })

  test.each([
    ['a wrong password', { password: 'nope' }, 'invalid_grant', 'invalid user creds'],
    ['an unknown user', { username: 'nobody' }, 'invalid_grant', 'invalid user creds'],
    [
      'a user without the Run permission',
      { username: 'peter.b', password: 'Peter-demo-2' },
      'access_denied',
      'the user does not have the Run permission: ask your administrator',
    ],
  ])('refuses %s', async (_, fields, error, error_description) => {
    const reply = await send(api.metadata.token_endpoint, { ...form, ...fields }, credentials())
    expect([reply.status, reply.body]).toStrictEqual([400, { error, error_description }])
  })

  test('refuses a client without HTTP Basic, a wrong secret and the other app', async () => {
    const { token_endpoint } = api.metadata
    const inBody = { ...form, client_id: 'taxefile-batch', client_secret: api.clientSecret }
    const wrong = basic('taxefile-batch', 'wrong')
    expect((await send(token_endpoint, inBody)).body).toStrictEqual(NOT_ALLOWED)
    expect((await send(token_endpoint, form, wrong)).body).toStrictEqual(NOT_ALLOWED)
    const other = basic(taxefile.clientId, taxefile.clientSecret)
    const reply = await send(taxefile.metadata.token_endpoint, form, other)
    expect(reply.body).toStrictEqual(NOT_ALLOWED)
  })
})

describe('UserInfo', () => {
  const scope = 'openid profile email'

  test('answers GET and POST', async () => {
    const { access_token } = await getTokens(tenant, { parameters: { scope } })
    for (const method of ['GET', 'POST']) {
      expect(await (await userInfo(taxefile, access_token, method)).json()).toStrictEqual({
        auth_time: expect.any(Number),
        aud: taxefile.clientId,
        unique_name: 'monika.a',
        sub: MONIKA,
        name: 'Monika A.',
        given_name: 'Monika A.',
        family_name: 'Monika A.',
        preferred_username: 'monika.a',
        email: 'monika.a@tenant.example',
        email_verified: true,
      })
    }
  })

  test('has what the scopes open and no more', async () => {
    const { access_token } = await getTokens(tenant)
    expect(await (await userInfo(taxefile, access_token)).json()).toStrictEqual({
      auth_time: expect.any(Number),
      aud: taxefile.clientId,
      unique_name: 'monika.a',
      sub: MONIKA,
    })
  })

  test('as-documented: sub and aud swapped, and strings for what is verified', async () => {
    tenant.set({ userinfo: 'as-documented' })
    const parameters = { scope: `${scope} phone` }
    const { access_token } = await getTokens(tenant, { parameters })
    expect(await (await userInfo(taxefile, access_token)).json()).toMatchObject({
      aud: MONIKA,
      sub: taxefile.clientId,
      name: 'Monika A.',
      email_verified: 'true',
      phone_number_verified: 'true',
    })
    const { access_token: plain } = await getTokens(tenant)
    const claims = await (await userInfo(taxefile, plain)).json()
    expect(claims).not.toHaveProperty('email_verified')
  })

  test('refuses no token, an ID token and the token of another app', async () => {
    const { id_token } = await getTokens(tenant)
    const { access_token } = await getTokens(tenant, { app: api })
    for (const jwt of ['', id_token, access_token]) {
      const response = await userInfo(taxefile, jwt)
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toBe(
        'Bearer error="invalid_token", error_description="the access token is missing, over or of another app"',
      )
    }
  })
})

describe('revocation', () => {
  const url = () => `${tenant.url}/OAuth2/Revoke/taxefile`

  test('refused without a secret; 200 with it, for bad tokens too', async () => {
    const { access_token, refresh_token } = await getTokens(tenant)
    const token = { client_id: taxefile.clientId, token: access_token }
    const refused = await send(url(), token)
    expect([refused.status, refused.body]).toStrictEqual([400, NOT_ALLOWED])
    expect((await userInfo(taxefile, access_token)).status).toBe(200)
    const secret = { client_secret: taxefile.clientSecret }
    const bad = await send(url(), { ...token, ...secret, token: 'bad' })
    expect([bad.status, bad.text]).toStrictEqual([200, ''])
    expect((await send(url(), { ...token, ...secret })).status).toBe(200)
    expect((await userInfo(taxefile, access_token)).status).toBe(401)
    expect((await refresh(taxefile, refresh_token, secret)).status).toBe(200)
  })

  test('revokeWithoutSecret allowed: a refresh token takes its family along', async () => {
    tenant.set({ revokeWithoutSecret: 'allowed', refresh: 'allowed' })
    const { access_token, refresh_token } = await getTokens(tenant)
    const { status } = await send(url(), { client_id: taxefile.clientId, token: refresh_token })
    expect(status).toBe(200)
    expect((await userInfo(taxefile, access_token)).status).toBe(401)
    expect((await refresh(taxefile, refresh_token)).body).toStrictEqual(UNKNOWN_REFRESH_TOKEN)
  })

  test("leaves another app's tokens alone", async () => {
    tenant.set({ revokeWithoutSecret: 'allowed' })
    const { access_token } = await getTokens(tenant, { app: api })
    await send(url(), { client_id: taxefile.clientId, token: access_token })
    expect((await userInfo(api, access_token)).status).toBe(200)
  })
})

describe('introspection', () => {
  test('tells clients with a secret about access tokens', async () => {
    const { introspection_endpoint } = taxefile.metadata
    const { access_token } = await getTokens(tenant)
    const credentials = basic(taxefile.clientId, taxefile.clientSecret)
    const good = await send(introspection_endpoint, { token: access_token }, credentials)
    expect(good.body).toStrictEqual({
      active: true,
      client_id: taxefile.clientId,
      token_type: 'Bearer',
      ...decodeJwt(access_token),
    })
    const bad = await send(introspection_endpoint, { token: 'bad' }, credentials)
    expect(bad.body).toStrictEqual({ active: false })
    const form = { token: access_token, client_id: taxefile.clientId }
    expect((await send(introspection_endpoint, form)).body).toStrictEqual(NOT_ALLOWED)
  })
})

function userInfo(app: TenantApp, accessToken: string, method = 'GET'): Promise<Response> {
  const headers = { authorization: `Bearer ${accessToken}` }
  return fetch(app.metadata.userinfo_endpoint, { method, headers })
}
