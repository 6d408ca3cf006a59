import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Bank, startBank } from '../../demo/bank/start-bank.mjs'
import { listenOnLoopback } from '../../demo/tenant/listen-on-loopback.mjs'
import { startTenant, type Tenant } from '../../demo/tenant/start-tenant.mjs'
import { getTokens, REDIRECT_URI, type Reply, readReply } from './journey.ts'

const ORIGIN = 'http://localhost:4999'
const TRANSFER = { from: 'current', to: 'DE02 1203 0000 0000 2020 51', amount: '12.50' }

let tenant: Tenant
let bank: Bank
let defaults: Bank['switches']
let time: number | undefined

beforeAll(async () => {
  tenant = await startTenant({ redirectUris: [REDIRECT_URI] })
  const { issuer, clientId: audience, metadata } = tenant.apps.taxefile
  const clock = () => time ?? Date.now()
  const allowedOrigins = [ORIGIN]
  bank = await startBank({ issuer, audience, jwksUri: metadata.jwks_uri, allowedOrigins, clock })
  defaults = { ...bank.switches }
})
afterEach(() => {
  time = undefined
  bank.set(defaults)
})
afterAll(async () => {
  await bank.stop()
  await tenant.stop()
})

async function getAccessToken(scope: string): Promise<string> {
  return (await getTokens(tenant, { parameters: { scope: `openid ${scope}` } })).access_token
}

async function call(path: string, token?: string, init: RequestInit = {}): Promise<Reply> {
  const headers = {
    ...(init.headers as Record<string, string>),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  return readReply(await fetch(bank.url + path, { ...init, headers }))
}

const transfer = (token: string, order: object = TRANSFER) =>
  call('/api/transfers', token, { method: 'POST', body: JSON.stringify(order) })

/** What a refusal is made of: status, challenge, and the words of the problem document. */
function refusal({ status, headers, body }: Reply): unknown[] {
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expect(body).toStrictEqual({
    type: 'about:blank',
    title: body.title,
    status,
    detail: body.detail,
  })
  return [status, headers.get('www-authenticate'), body.detail]
}

/** How the bank refuses a token. */
const invalid = (detail: string) => [
  401,
  `Bearer realm="bank", error="invalid_token", error_description="${detail}"`,
  detail,
]

describe('with a good access token', () => {
  test('GET /api/accounts lists accounts with balances', async () => {
    const { status, body } = await call('/api/accounts', await getAccessToken('accounts.read'))
    expect(status).toBe(200)
    expect(body).toStrictEqual({
      accounts: [
        {
          id: 'current',
          name: 'Current account',
          iban: 'DE89 3704 0044 0532 0130 00',
          currency: 'EUR',
          balance: '2841.17',
        },
        {
          id: 'savings',
          name: 'Savings',
          iban: 'DE75 5121 0800 1245 1261 99',
          currency: 'EUR',
          balance: '15600.00',
        },
        {
          id: 'taxes',
          name: 'Put aside for taxes',
          iban: 'DE12 5001 0517 0648 4898 90',
          currency: 'EUR',
          balance: '3900.50',
        },
      ],
    })
  })

  test('GET /api/accounts/:id/transactions lists what has happened', async () => {
    const token = await getAccessToken('accounts.read')
    const { body } = await call('/api/accounts/savings/transactions', token)
    expect(body).toStrictEqual({
      transactions: [
        { id: 'savings-1', date: '2026-01-02', text: 'Interest', amount: '58.20', currency: 'EUR' },
        {
          id: 'savings-2',
          date: '2025-12-30',
          text: 'From current account',
          amount: '500.00',
          currency: 'EUR',
        },
      ],
    })
    expect(refusal(await call('/api/accounts/other/transactions', token))).toStrictEqual([
      404,
      null,
      'There is no such account.',
    ])
  })

  test('POST /api/transfers moves money', async () => {
    const token = await getAccessToken('accounts.read payments.write')
    const { status, body } = await transfer(token, {
      from: 'taxes',
      to: 'DE02 1203 0000 0000 2020 51',
      amount: '900.25',
      reference: 'Tax 2025',
    })
    expect(status).toBe(201)
    expect(body).toStrictEqual({
      id: expect.any(String),
      from: 'taxes',
      to: 'DE02 1203 0000 0000 2020 51',
      amount: '900.25',
      reference: 'Tax 2025',
    })
    const { body: after } = await call('/api/accounts', token)
    expect(after.accounts[2]?.balance).toBe('3000.25')
    const { body: entries } = await call('/api/accounts/taxes/transactions', token)
    expect(entries.transactions[0]).toStrictEqual({
      id: body.id,
      date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      text: 'Transfer to DE02 1203 0000 0000 2020 51, Tax 2025',
      amount: '-900.25',
      currency: 'EUR',
    })
    expect((await call('/api/transfers', token)).body).toStrictEqual({ transfers: [body] })
    bank.reset()
    expect((await call('/api/transfers', token)).body).toStrictEqual({ transfers: [] })
    const { body: before } = await call('/api/accounts', token)
    expect(before.accounts[2]?.balance).toBe('3900.50')
  })

  test.each([
    [{}, 'Say with “from” which of your accounts pays.'],
    [{ ...TRANSFER, to: 'my friend' }, 'Say with “to” the IBAN that gets the money.'],
    [{ ...TRANSFER, amount: 12.5 }, 'Say with “amount” how much, in the form 12.50.'],
    [{ ...TRANSFER, amount: '0.00' }, 'Say with “amount” how much, in the form 12.50.'],
    [{ ...TRANSFER, amount: '9999.00' }, 'There is not enough money in that account.'],
  ])('a transfer that cannot be made is refused in words: %o', async (order, detail) => {
    const token = await getAccessToken('payments.write')
    expect(refusal(await transfer(token, order))).toStrictEqual([422, null, detail])
  })

  test('it does not matter how the scheme is written', async () => {
    const authorization = `bearer ${await getAccessToken('accounts.read')}`
    const response = await fetch(`${bank.url}/api/accounts`, { headers: { authorization } })
    expect(response.status).toBe(200)
  })
})

describe('without a good access token', () => {
  test('no token: a challenge without an error code', async () => {
    expect(refusal(await call('/api/accounts'))).toStrictEqual([
      401,
      'Bearer realm="bank"',
      'This call needs an access token in the Authorization header.',
    ])
  })

  test.each([
    ['accounts.read', 'GET', '/api/accounts'],
    ['accounts.read', 'GET', '/api/accounts/savings/transactions'],
    ['payments.write', 'POST', '/api/transfers'],
  ])('without %s: %s %s is 403', async (scope, method, path) => {
    const other = scope === 'accounts.read' ? 'payments.write' : 'accounts.read'
    const reply = await call(path, await getAccessToken(other), { method })
    const words = (quote: string[]) =>
      `This call needs the permission ${quote[0]}${scope}${quote[1]}, which you have not given the app.`
    expect(refusal(reply)).toStrictEqual([
      403,
      `Bearer realm="bank", error="insufficient_scope", error_description="${words(["'", "'"])}", scope="${scope}"`,
      words(['“', '”']),
    ])
  })

  test('an ID token is refused, though issuer, audience and signature are right', async () => {
    const { id_token } = await getTokens(tenant)
    expect(refusal(await call('/api/accounts', id_token))).toStrictEqual(
      invalid('This is an ID token. The bank needs the access token.'),
    )
  })

  test('a token of another app comes from another issuer', async () => {
    const app = tenant.apps['taxefile-api']
    const parameters = { scope: 'accounts.read' }
    const { access_token } = await getTokens(tenant, { app, parameters })
    expect(refusal(await call('/api/accounts', access_token))).toStrictEqual(
      invalid('The access token comes from another issuer.'),
    )
  })

  test('an issuer without its slash is another issuer', async () => {
    tenant.set({ issuerSlash: 'none' })
    const token = await getAccessToken('accounts.read')
    tenant.set({ issuerSlash: 'trailing' })
    expect(refusal(await call('/api/accounts', token))).toStrictEqual(
      invalid('The access token comes from another issuer.'),
    )
  })

  test('an expired token', async () => {
    const token = await getAccessToken('accounts.read')
    time = Date.now() + 18_010_000
    expect(refusal(await call('/api/accounts', token))).toStrictEqual(
      invalid('The access token has expired.'),
    )
  })

  test('a token whose key has been withdrawn, and one of the new key', async () => {
    const token = await getAccessToken('accounts.read')
    expect((await call('/api/accounts', token)).status).toBe(200)
    await tenant.rotateKeys({ keepPrevious: false })
    const next = await getAccessToken('accounts.read')
    expect((await call('/api/accounts', next)).status).toBe(200)
    expect(refusal(await call('/api/accounts', token))).toStrictEqual(
      invalid('The access token is signed with a key that the issuer does not have.'),
    )
  })

  test('a signature that is wrong', async () => {
    const token = await getAccessToken('accounts.read')
    const forged = `${token.slice(0, -8)}AAAAAAAA`
    expect(refusal(await call('/api/accounts', forged))).toStrictEqual(
      invalid('The signature of the access token is wrong.'),
    )
  })

  test('a token that is none', async () => {
    expect(refusal(await call('/api/accounts', 'opaque'))).toStrictEqual(
      invalid('The access token is no JWT.'),
    )
  })

  test('a token that is not signed', async () => {
    const jwt = new UnsecuredJWT({ scope: 'accounts.read' }).encode()
    expect((await call('/api/accounts', jwt)).status).toBe(401)
  })
})

describe('tokens that this tenant would never make', () => {
  const issuer = 'https://tenant.example/taxefile/'
  const audience = 'the-client'
  let key: CryptoKey
  let other: Bank
  let jwks: { url: string; stop(): Promise<void> }

  beforeAll(async () => {
    const pair = await generateKeyPair('RS256')
    key = pair.privateKey
    jwks = await serveKeys([{ ...(await exportJWK(pair.publicKey)), kid: 'k' }])
    other = await startBank({ issuer, audience, jwksUri: jwks.url })
  })
  afterAll(async () => {
    await other.stop()
    await jwks.stop()
  })

  const good = () => ({
    iss: issuer,
    aud: audience,
    sub: 'monika',
    iat: Math.floor(Date.now() / 1000),
    exp: Math.floor(Date.now() / 1000) + 60,
    scope: 'accounts.read',
  })

  async function present(claims: Record<string, unknown>, header = {}): Promise<Reply> {
    const given = Object.entries(claims).filter(([, value]) => value !== undefined)
    const jwt = await new SignJWT(Object.fromEntries(given))
      .setProtectedHeader({ alg: 'RS256', kid: 'k', ...header })
      .sign(key)
    const headers = { authorization: `Bearer ${jwt}` }
    return readReply(await fetch(`${other.url}/api/accounts`, { headers }))
  }

  test.each([{}, { typ: 'JWT' }, { typ: 'at+jwt' }, { typ: 'application/at+jwt' }])(
    'the type %o is fine',
    async (header) => {
      expect((await present(good(), header)).status).toBe(200)
    },
  )

  test.each([
    ['audience', { aud: 'somebody' }, 'The access token is meant for somebody else.'],
    ['no subject', { sub: undefined }, "The access token has no good 'sub'."],
    ['no end', { exp: undefined }, "The access token has no good 'exp'."],
    ['no issuer', { iss: undefined }, 'The access token comes from another issuer.'],
    [
      'a scope that is no string',
      { scope: ['accounts.read'] },
      'This is an ID token. The bank needs the access token.',
    ],
  ])('refuses %s', async (_, claims, description) => {
    const reply = await present({ ...good(), ...claims })
    expect(reply.status).toBe(401)
    expect(reply.headers.get('www-authenticate')).toBe(invalid(description)[1])
  })

  test('refuses a token of another type', async () => {
    expect(refusal(await present(good(), { typ: 'logout+jwt' }))).toStrictEqual(
      invalid('A token of the type logout+jwt is no access token.'),
    )
  })

  test('refuses every algorithm but RS256', async () => {
    const jwt = await new SignJWT(good())
      .setProtectedHeader({ alg: 'HS256', kid: 'k' })
      .sign(new TextEncoder().encode('the public key, taken for a secret'))
    const headers = { authorization: `Bearer ${jwt}` }
    const reply = await readReply(await fetch(`${other.url}/api/accounts`, { headers }))
    expect(refusal(reply)).toStrictEqual(invalid('The access token is not signed with RS256.'))
  })

  test('blames nobody when the keys cannot be had', async () => {
    const lost = await startBank({ issuer, audience, jwksUri: 'http://localhost:1/keys' })
    const jwt = await new SignJWT(good()).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(key)
    const headers = { authorization: `Bearer ${jwt}` }
    const reply = await readReply(await fetch(`${lost.url}/api/accounts`, { headers }))
    await lost.stop()
    expect(refusal(reply)).toStrictEqual([
      503,
      null,
      'The bank cannot get the keys of the identity provider right now.',
    ])
  })
})

describe('CORS', () => {
  const ask = (method: string, origin: string) =>
    fetch(`${bank.url}/api/accounts`, { method, headers: { origin } })

  test('is for the app, and lets it read challenges', async () => {
    const { headers } = await ask('GET', ORIGIN)
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(headers.get('access-control-expose-headers')).toBe('WWW-Authenticate')
    expect(headers.get('access-control-allow-credentials')).toBeNull()
    expect(headers.get('vary')).toBe('Origin')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('grants the preflight that Authorization makes necessary', async () => {
    const { status, headers } = await ask('OPTIONS', ORIGIN)
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(headers.get('access-control-allow-headers')).toBe('Authorization, Content-Type, DPoP')
    expect(headers.get('access-control-allow-methods')).toBe('GET, POST')
  })

  test.each(['http://localhost:5000', 'https://localhost:4999', 'null'])(
    'is not for %s',
    async (origin) => {
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await ask(method, origin)
        expect(headers.get('access-control-allow-origin')).toBeNull()
        expect(headers.get('access-control-allow-headers')).toBeNull()
      }
    },
  )

  test('challenge hidden: pages cannot read WWW-Authenticate', async () => {
    bank.set({ challenge: 'hidden' })
    const { headers } = await ask('GET', ORIGIN)
    expect(headers.get('access-control-expose-headers')).toBeNull()
    expect(headers.get('www-authenticate')).toBe('Bearer realm="bank"')
  })

  test('allowOrigins() adds an app', async () => {
    bank.allowOrigins('http://localhost:5001')
    const { headers } = await ask('GET', 'http://localhost:5001')
    expect(headers.get('access-control-allow-origin')).toBe('http://localhost:5001')
  })
})

describe('switches', () => {
  test('answer always-401 refuses good tokens', async () => {
    bank.set({ answer: 'always-401' })
    const reply = await call('/api/accounts', await getAccessToken('accounts.read'))
    expect(refusal(reply)).toStrictEqual(
      invalid('The bank does not take this access token any more.'),
    )
  })

  test('answer always-503 fails, in a way that the app can read', async () => {
    bank.set({ answer: 'always-503' })
    const reply = await call('/api/accounts', undefined, { headers: { origin: ORIGIN } })
    expect(refusal(reply)).toStrictEqual([503, null, 'The bank is closed for maintenance.'])
    expect(reply.headers.get('access-control-allow-origin')).toBe(ORIGIN)
  })

  test('latency holds answers back', async () => {
    bank.set({ latency: 40 })
    const before = performance.now()
    await call('/health')
    expect(performance.now() - before).toBeGreaterThan(38)
  })

  test('stepUp asks for a recent sign-in before a transfer, as RFC 9470 has it', async () => {
    const token = await getAccessToken('payments.write')
    bank.set({ stepUp: { maxAge: 60 } })
    expect((await transfer(token)).status).toBe(201)
    time = Date.now() + 120_000
    expect(refusal(await transfer(token))).toStrictEqual([
      401,
      'Bearer realm="bank", error="insufficient_user_authentication", error_description="Sign in again for this, more recently or in a safer way.", max_age="60"',
      'Sign in again for this, more recently or in a safer way.',
    ])
  })

  test('stepUp asks for a method that the tenant does not know', async () => {
    bank.set({ stepUp: { acrValues: 'phr phrh' } })
    const { headers } = await transfer(await getAccessToken('payments.write'))
    expect(headers.get('www-authenticate')).toContain('acr_values="phr phrh"')
  })

  test.each([
    [{ answr: 'normal' }, 'The bank has no switch "answr". It has: challenge, answer, latency, '],
    [{ challenge: 'no' }, 'The bank\'s switch "challenge" takes one of: exposed, hidden.'],
  ])('set(%o) throws', (changes, message) => {
    expect(() => bank.set(changes as never)).toThrow(TypeError)
    expect(() => bank.set(changes as never)).toThrow(message)
  })
})

describe('the bank itself', () => {
  test('logs requests and says that it is up', async () => {
    bank.clearLog()
    expect((await call('/health')).body).toStrictEqual({ status: 'ok' })
    expect(bank.log).toStrictEqual([
      expect.objectContaining({ method: 'GET', path: '/health', status: 200 }),
    ])
  })

  test('has nothing at other addresses', async () => {
    expect(refusal(await call('/api/elsewhere'))).toStrictEqual([
      404,
      null,
      'The bank has nothing at this address.',
    ])
  })

  test('stop() closes its port', async () => {
    const issuer = 'http://localhost/'
    const short = await startBank({ issuer, audience: 'x', jwksUri: 'http://localhost/keys' })
    await short.stop()
    await expect(fetch(`${short.url}/health`)).rejects.toThrow('fetch failed')
  })
})

async function serveKeys(keys: JWK[]) {
  const server = await listenOnLoopback((_req, res) => void res.end(JSON.stringify({ keys })))
  return { url: `http://localhost:${server.port}/keys`, stop: server.close }
}
