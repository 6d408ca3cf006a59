import { createHash } from 'node:crypto'
import { networkInterfaces } from 'node:os'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startTenant, type Tenant } from '../../demo/tenant/start-tenant.mjs'
import { headingOf, hiddenFields, locationOf, openBrowser } from './browser.ts'
import { authorizationRequest, REDIRECT_URI, redeem, travel } from './journey.ts'

let tenant: Tenant
let defaults: Tenant['switches']

beforeAll(async () => {
  tenant = await startTenant({ redirectUris: [REDIRECT_URI] })
  defaults = { ...tenant.switches }
})
afterEach(() => {
  tenant.set(defaults)
  tenant.forgetConsents()
})
afterAll(() => tenant.stop())

const NOT_COMING_BACK = /^The journey ends at/

describe('metadata', () => {
  test('has the thirteen members of the recording and no other', async () => {
    const { url } = tenant
    const response = await fetch(tenant.apps.taxefile.metadataUrl)
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await response.json()).toStrictEqual({
      authorization_endpoint: `${url}/OAuth2/Authorize/taxefile`,
      issuer: `${url}/taxefile/`,
      introspection_endpoint: `${url}/OAuth2/Introspect/taxefile`,
      userinfo_endpoint: `${url}/OAuth2/UserInfo/taxefile`,
      code_challenge_methods_supported: ['plain', 'S256'],
      end_session_endpoint: `${url}/OAuth2/EndSessionV2/taxefile`,
      claims_supported: [
        'sub',
        'name',
        'family_name',
        'given_name',
        'picture',
        'preferred_username',
        'email',
        'email_verified',
        'phone_number',
        'phone_number_verified',
        'address',
        'auth_time',
        'aud',
        'iss',
        'exp',
        'iat',
      ],
      id_token_signing_alg_values_supported: ['RS256'],
      subject_types_supported: ['public'],
      scopes_supported: ['openid', 'profile', 'email', 'address', 'phone'],
      token_endpoint: `${url}/OAuth2/Token/taxefile`,
      jwks_uri: `${url}/OAuth2/Keys/taxefile`,
      response_types_supported: [
        'code',
        'id_token',
        'id_token token',
        'code id_token',
        'code token',
        'code id_token token',
      ],
    })
  })

  test('is pretty-printed with CRLF', async () => {
    const response = await fetch(tenant.apps.taxefile.metadataUrl)
    const lines = (await response.text()).split('\r\n')
    expect(lines[0]).toBe('{')
    expect(lines[1]).toBe(`  "authorization_endpoint": "${tenant.url}/OAuth2/Authorize/taxefile",`)
    expect(lines.join('')).not.toContain('\n')
  })

  test('is found whatever the case of the path', async () => {
    const response = await fetch(`${tenant.url}/TaxEfile/.well-known/OpenID-Configuration`)
    expect((await response.json()).issuer).toBe(tenant.apps.taxefile.issuer)
  })

  test.each([
    '/.well-known/oauth-authorization-server',
    '/.well-known/oauth-authorization-server/taxefile',
    '/taxefile/.well-known/oauth-authorization-server',
    '/nobody/.well-known/openid-configuration',
    '/OAuth2/Keys/nobody',
  ])('%s is not found', async (path) => {
    const visit = await openBrowser().get(tenant.url + path)
    expect(visit.status).toBe(404)
    expect(headingOf(visit)).toBe('Page not found')
  })

  test('of the tenant itself is a trap: its endpoints answer with an error page', async () => {
    const response = await fetch(`${tenant.url}/.well-known/openid-configuration`)
    const decoy = await response.json()
    expect(decoy).toMatchObject({
      issuer: `${tenant.url}/`,
      authorization_endpoint: `${tenant.url}/Oauth/Openid`,
      token_endpoint: `${tenant.url}/Oauth/GetToken`,
      jwks_uri: `${tenant.url}/Oauth/Keys`,
      userinfo_endpoint: `${tenant.url}/Oauth/UserInfo`,
    })
    for (const url of [decoy.authorization_endpoint, decoy.jwks_uri, decoy.userinfo_endpoint]) {
      const visit = await openBrowser().get(url)
      expect(visit.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(headingOf(visit)).toBe('No such application')
    }
    const posted = await openBrowser().post(decoy.token_endpoint, { grant_type: 'x' })
    expect(headingOf(posted)).toBe('No such application')
  })

  test('issuerSlash none: the issuer has no slash at its end, in tokens neither', async () => {
    tenant.set({ issuerSlash: 'none', issParameter: 'sent' })
    const { issuer, metadataUrl } = tenant.apps.taxefile
    expect(issuer).toBe(`${tenant.url}/taxefile`)
    expect((await (await fetch(metadataUrl)).json()).issuer).toBe(issuer)
    expect((await travel(tenant)).answer.iss).toBe(issuer)
  })

  test('endpointHost alias: the endpoints are on another host, and work there', async () => {
    tenant.set({ endpointHost: 'alias' })
    const { metadata, issuer } = tenant.apps.taxefile
    const alias = tenant.url.replace('localhost', '127.0.0.1')
    expect(issuer).toBe(`${tenant.url}/taxefile/`)
    expect(metadata.token_endpoint).toBe(`${alias}/OAuth2/Token/taxefile`)
    const { status } = await redeem(tenant.apps.taxefile, await travel(tenant))
    expect(status).toBe(200)
  })
})

describe('authorize', () => {
  test('sends whoever is not signed in to /login', async () => {
    const visit = await openBrowser().get(authorizationRequest(tenant.apps.taxefile).url)
    expect(visit.status).toBe(302)
    const location = visit.headers.get('location') ?? ''
    expect(location).toMatch(
      /^\/login\?cloudRedirect=Oauth2%2FAuthorize%2Ftaxefile%3Fbounce%3D[\w-]{36}%26/,
    )
    const href = location.replaceAll('&', '&#38;')
    expect(visit.body).toBe(
      '<html><head><title>Object moved</title></head><body>\r\n' +
        `<h2>Object moved to <a href="${href}">here</a>.</h2>\r\n</body></html>\r\n`,
    )
  })

  test('comes back with a code of 44 characters and the state, and nothing else', async () => {
    const { answer, pages } = await travel(tenant)
    expect(pages).toStrictEqual(['Sign in'])
    expect(answer).toStrictEqual({
      code: expect.stringMatching(/^[\w-]{44}$/),
      state: 'the-state',
    })
  })

  test('asks for consent to scopes that an admin has defined, once', async () => {
    const parameters = { scope: 'openid profile accounts.read' }
    const { pages, browser } = await travel(tenant, { parameters })
    expect(pages).toStrictEqual(['Sign in', 'Allow Tax eFile?'])
    expect((await travel(tenant, { parameters, browser })).pages).toStrictEqual([])
    const more = { scope: 'openid accounts.read payments.write' }
    expect((await travel(tenant, { parameters: more, browser })).pages).toStrictEqual([
      'Allow Tax eFile?',
    ])
  })

  test('is one sign-on for all apps', async () => {
    const { browser } = await travel(tenant)
    const app = tenant.apps['taxefile-api']
    const { pages, answer } = await travel(tenant, { app, browser })
    expect(pages).toStrictEqual(['Allow Tax eFile API?'])
    expect(Object.keys(answer)).toStrictEqual(['code', 'state'])
  })

  test('takes paths in any case', async () => {
    const { browser } = await travel(tenant)
    for (const path of ['/oauth2/authorize/TAXEFILE', '/Oauth2/Authorize/taxefile']) {
      const { url } = authorizationRequest(tenant.apps.taxefile)
      const visit = await browser.get(url.replace('/OAuth2/Authorize/taxefile', path))
      expect(locationOf(visit).href).toMatch(`${REDIRECT_URI}?code=`)
    }
  })

  test("takes the guide's POST, and lets no client secret travel on", async () => {
    const { url } = authorizationRequest(tenant.apps['taxefile-api'])
    const { origin, pathname, searchParams } = new URL(url)
    const visit = await openBrowser().post(
      `${origin}${pathname}?debug=true&client_secret=oh-dear`,
      Object.fromEntries(searchParams),
    )
    const { pathname: page, searchParams: query } = locationOf(visit)
    expect(page).toBe('/login')
    expect(query.get('cloudRedirect')).toContain('debug=true&')
    expect(query.get('cloudRedirect')).not.toContain('oh-dear')
  })

  test('reports a wrong client id after the sign-in only', async () => {
    const { url, pages } = await travel(tenant, { parameters: { client_id: 'wrong' } })
    expect(pages).toStrictEqual(['Sign in'])
    expect(url.href).toBe(
      `${REDIRECT_URI}?error=invalid_client&error_description=invalid%20client%20creds&state=the-state`,
    )
  })

  test('refuses a user without the Run permission', async () => {
    const { answer } = await travel(tenant, { user: 'peter.b' })
    expect(answer).toStrictEqual({
      error: 'access_denied',
      error_description:
        'peter.b does not have the Run permission for taxefile: ask your administrator',
      state: 'the-state',
    })
  })

  test('reports that the user has denied the request', async () => {
    const parameters = { scope: 'openid accounts.read' }
    const { answer } = await travel(tenant, { parameters, decision: 'deny' })
    expect(answer).toStrictEqual({
      error: 'access_denied',
      error_description: 'the user denied the request',
      state: 'the-state',
    })
  })

  test.each([
    ['another address', 'http://localhost:4999/elsewhere', 'http://localhost:4999/elsewhere'],
    ['a slash more', `${REDIRECT_URI}/`, `${REDIRECT_URI}/`],
    ['none', undefined, 'no redirect_uri'],
  ])('says in words that a redirect URI is not registered: %s', async (_, uri, shown) => {
    const parameters = { redirect_uri: uri }
    const { url } = authorizationRequest(tenant.apps.taxefile, parameters)
    const visit = await openBrowser().get(url)
    expect(visit.status).toBe(400)
    expect(headingOf(visit)).toBe('This address is not registered')
    expect(visit.body).toContain(`<code>${shown}</code>`)
  })

  test('does not read a request with a parameter twice', async () => {
    const { url } = authorizationRequest(tenant.apps.taxefile)
    const visit = await openBrowser().get(`${url}&state=another`)
    expect(visit.status).toBe(400)
    expect(visit.body).toContain('The app has sent the parameter “state” more than once.')
  })

  test('wants PKCE from a public client', async () => {
    const parameters = { code_challenge: undefined, code_challenge_method: undefined }
    expect((await travel(tenant, { parameters })).answer).toStrictEqual({
      error: 'invalid_request',
      error_description: 'Authorization Server policy requires PKCE to be used for this request',
      state: 'the-state',
    })
  })

  test('answers response_type=code only', async () => {
    const { answer } = await travel(tenant, { parameters: { response_type: 'id_token token' } })
    expect(answer.error).toBe('unsupported_response_type')
  })

  test('takes a plain challenge, which the metadata offers', async () => {
    const verifier = 'v'.repeat(43)
    const parameters = { code_challenge: verifier, code_challenge_method: 'plain' }
    const { answer } = await travel(tenant, { parameters })
    expect((await redeem(tenant.apps.taxefile, { answer, verifier })).status).toBe(200)
  })

  test('answers by form_post, though the metadata does not say so', async () => {
    const { browser } = await travel(tenant)
    const parameters = { response_mode: 'form_post', state: '"><script>' }
    const visit = await browser.get(authorizationRequest(tenant.apps.taxefile, parameters).url)
    expect(visit.body).toContain(`<form method="post" action="${REDIRECT_URI}">`)
    expect(hiddenFields(visit)).toStrictEqual({
      code: expect.stringMatching(/^[\w-]{44}$/),
      state: '"><script>',
    })
    const [, script = ''] = /<script>(.*?)<\/script>/.exec(visit.body) ?? []
    const hash = createHash('sha256').update(script).digest('base64')
    expect(visit.headers.get('content-security-policy')).toContain(`script-src 'sha256-${hash}'`)
  })

  test('answers in the fragment when asked to', async () => {
    const { url } = await travel(tenant, { parameters: { response_mode: 'fragment' } })
    expect(url.hash).toMatch(/^#code=[\w-]{44}&state=the-state$/)
    expect(url.search).toBe('')
  })

  test('knows no other response mode', async () => {
    const journey = travel(tenant, { parameters: { response_mode: 'query.jwt' } })
    await expect(journey).rejects.toThrow('This request cannot be answered')
  })

  test('issParameter sent: the redirect back names the issuer', async () => {
    tenant.set({ issParameter: 'sent' })
    const { answer } = await travel(tenant)
    expect(answer.iss).toBe(tenant.apps.taxefile.issuer)
    const { answer: error } = await travel(tenant, { user: 'peter.b' })
    expect(error.iss).toBe(tenant.apps.taxefile.issuer)
  })

  test('stateOnErrors omitted: errors come without state, codes with it', async () => {
    tenant.set({ stateOnErrors: 'omitted' })
    const { answer } = await travel(tenant, { parameters: { client_id: 'wrong' } })
    expect(answer).toStrictEqual({
      error: 'invalid_client',
      error_description: 'invalid client creds',
    })
    expect((await travel(tenant)).answer.state).toBe('the-state')
  })

  test('untrustedDomain invalid-client: a missing trusted domain looks like a wrong client', async () => {
    tenant.set({ trustedDomains: ['app.example.com'] })
    expect((await travel(tenant)).answer.error).toBeUndefined()
    tenant.set({ untrustedDomain: 'invalid-client' })
    expect((await travel(tenant)).answer).toStrictEqual({
      error: 'invalid_client',
      error_description: 'invalid client creds',
      state: 'the-state',
    })
  })
})

describe('prompts', () => {
  const silent = { prompt: 'none' }

  test('promptNone honoured: login_required, consent_required or a code', async () => {
    const { answer, pages, browser } = await travel(tenant, { parameters: silent })
    expect(pages).toStrictEqual([])
    expect(answer).toStrictEqual({
      error: 'login_required',
      error_description: 'the user has to sign in',
      state: 'the-state',
    })
    await travel(tenant, { browser })
    const scope = 'openid accounts.read'
    const second = await travel(tenant, { browser, parameters: { ...silent, scope } })
    expect(second.answer.error).toBe('consent_required')
    const third = await travel(tenant, { browser, parameters: silent })
    expect(third.pages).toStrictEqual([])
    expect(Object.keys(third.answer)).toStrictEqual(['code', 'state'])
  })

  test('promptNone ignored: the sign-in page appears', async () => {
    tenant.set({ promptNone: 'ignored' })
    const { pages, answer } = await travel(tenant, { parameters: silent })
    expect(pages).toStrictEqual(['Sign in'])
    expect(Object.keys(answer)).toStrictEqual(['code', 'state'])
  })

  test('prompt=none is answered with an error when max_age has passed', async () => {
    const { browser } = await travel(tenant)
    const parameters = { ...silent, max_age: '0' }
    expect((await travel(tenant, { browser, parameters })).answer.error).toBe('login_required')
  })

  test.each([{ prompt: 'login' }, { prompt: 'select_account' }, { max_age: '0' }])(
    'reauthentication honoured: %o makes the user sign in again, once',
    async (parameters) => {
      const { browser } = await travel(tenant)
      expect((await travel(tenant, { browser, parameters })).pages).toStrictEqual(['Sign in'])
      expect((await travel(tenant, { browser })).pages).toStrictEqual([])
    },
  )

  test('max_age lets a sign-in pass that is recent enough', async () => {
    const { browser } = await travel(tenant)
    const parameters = { max_age: '3600' }
    expect((await travel(tenant, { browser, parameters })).pages).toStrictEqual([])
  })

  test.each([{ prompt: 'login' }, { max_age: '0' }])(
    'reauthentication ignored: %o does nothing',
    async (parameters) => {
      tenant.set({ reauthentication: 'ignored' })
      const { browser } = await travel(tenant)
      expect((await travel(tenant, { browser, parameters })).pages).toStrictEqual([])
    },
  )

  test('another user may sign in on prompt=login', async () => {
    const { browser } = await travel(tenant)
    const parameters = { prompt: 'login' }
    const { answer } = await travel(tenant, { browser, parameters, user: 'peter.b' })
    expect(answer.error).toBe('access_denied')
  })

  test('prompt=consent asks again', async () => {
    const { browser } = await travel(tenant)
    const parameters = { prompt: 'consent' }
    expect((await travel(tenant, { browser, parameters })).pages).toStrictEqual([
      'Allow Tax eFile?',
    ])
  })

  test('consent always, consent never', async () => {
    tenant.set({ consent: 'always' })
    const { pages, browser } = await travel(tenant)
    expect(pages).toStrictEqual(['Sign in', 'Allow Tax eFile?'])
    expect((await travel(tenant, { browser })).pages).toStrictEqual(['Allow Tax eFile?'])
    tenant.set({ consent: 'never' })
    const parameters = { scope: 'openid accounts.read', prompt: 'consent' }
    expect((await travel(tenant, { browser, parameters })).pages).toStrictEqual([])
  })
})

describe('the sign-in page', () => {
  async function open(parameters = {}) {
    const browser = openBrowser()
    const visit = await browser.get(authorizationRequest(tenant.apps.taxefile, parameters).url)
    const page = await browser.get(locationOf(visit).href)
    return { browser, page, fields: hiddenFields(page) }
  }

  test('says that it is a demo and lists users and passwords', async () => {
    const { page } = await open()
    expect(page.body).toContain('to continue to Tax eFile')
    expect(page.body).toContain('This is a demo.')
    expect(page.body).toContain('<dt>monika.a</dt>')
    expect(page.body).toContain('<code>Monika-demo-1</code>')
    expect(page.body).toContain('<dt>peter.b</dt>')
    expect(page.body).toContain('<code>Peter-demo-2</code>')
  })

  test('says so when the password is wrong, and goes on when it is right', async () => {
    const { browser, fields } = await open()
    const wrong = { ...fields, username: 'monika.a', password: 'nope' }
    const again = await browser.post(`${tenant.url}/login`, wrong)
    expect(again.status).toBe(200)
    expect(again.body).toContain(
      '<p class="error" role="alert" id="sign-in-error">That user name and password do not go together.',
    )
    expect(again.body).not.toContain('nope')
    const right = { ...hiddenFields(again), username: ' Monika.A ', password: 'Monika-demo-1' }
    const visit = await browser.post(`${tenant.url}/login`, right)
    expect(locationOf(visit).pathname).toBe('/Oauth2/Authorize/taxefile')
  })

  test('fills in the login hint, escaped', async () => {
    const { page } = await open({ login_hint: '"><script>alert(1)</script>' })
    expect(page.body).not.toContain('<script>')
    expect(page.body).toContain('value="&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;"')
  })

  test.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/consent', ''])(
    'goes on to nothing but an authorization request: %s',
    async (cloudRedirect) => {
      const fields = { cloudRedirect, username: 'monika.a', password: 'Monika-demo-1' }
      const visit = await openBrowser().post(`${tenant.url}/login`, fields)
      expect(visit.headers.get('location')).toBe('/')
    },
  )

  test('is not to be used by the page of another origin', async () => {
    const response = await fetch(`${tenant.url}/login`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: new URLSearchParams({ username: 'monika.a', password: 'Monika-demo-1' }),
    })
    expect(response.status).toBe(403)
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  test('tells a browser that keeps no cookies', async () => {
    const { browser, fields } = await open()
    const right = { ...fields, username: 'monika.a', password: 'Monika-demo-1' }
    const visit = await browser.post(`${tenant.url}/login`, right)
    const back = await openBrowser().get(locationOf(visit).href)
    expect(headingOf(back)).toBe('Your browser keeps no cookies here')
  })

  test.each([
    ['lax', /^tenant_session_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/],
    ['none', /^tenant_session_\d+=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=None$/],
  ] as const)('sameSite %s', async (sameSite, cookie) => {
    tenant.set({ sameSite })
    const fields = { username: 'monika.a', password: 'Monika-demo-1' }
    const visit = await openBrowser().post(`${tenant.url}/login`, fields)
    expect(visit.headers.getSetCookie()).toStrictEqual([expect.stringMatching(cookie)])
  })

  test('frames denied, frames allowed', async () => {
    const { page } = await open()
    expect(page.headers.get('x-frame-options')).toBe('DENY')
    expect(page.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    tenant.set({ frames: 'allowed' })
    const { page: framed } = await open()
    expect(framed.headers.get('x-frame-options')).toBeNull()
    expect(framed.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; base-uri 'none'",
    )
  })
})

describe('the consent page', () => {
  async function open(scope: string) {
    const { browser } = await travel(tenant)
    const { url } = authorizationRequest(tenant.apps.taxefile, { scope })
    const page = await browser.get(locationOf(await browser.get(url)).href)
    return { browser, page, fields: hiddenFields(page) }
  }

  test('lists the scopes with what they mean', async () => {
    const { page } = await open('openid accounts.read unheard-of')
    const scopes = [...page.body.matchAll(/<li>(.*?) <code>(.*?)<\/code><\/li>/g)]
    expect(scopes.map(([, about, name]) => [name, about])).toStrictEqual([
      ['openid', 'Know who you are'],
      ['accounts.read', 'See your bank accounts and their balances'],
    ])
  })

  test('allows nothing that was not on the page', async () => {
    const { browser, fields } = await open('openid accounts.read')
    const forged = fields.cloudRedirect?.replace('accounts.read', 'payments.write') ?? ''
    const visit = await browser.post(`${tenant.url}/consent`, {
      cloudRedirect: forged,
      decision: 'allow',
    })
    expect(visit.status).toBe(400)
    expect(headingOf(visit)).toBe('This request is over')
  })

  test('is over when nobody is signed in any more', async () => {
    const { browser, fields } = await open('openid accounts.read')
    tenant.endSessions()
    const visit = await browser.post(`${tenant.url}/consent`, { ...fields, decision: 'allow' })
    expect(headingOf(visit)).toBe('This request is over')
  })
})

describe('the tenant itself', () => {
  test('shows who is signed in', async () => {
    const { browser } = await travel(tenant)
    const home = await browser.get(`${tenant.url}/`)
    expect(home.body).toContain('You are signed in as <strong>monika.a</strong>.')
    tenant.endSessions()
    expect((await browser.get(`${tenant.url}/`)).body).toContain('Nobody is signed in here.')
  })

  test('says that it is up', async () => {
    expect(await (await fetch(`${tenant.url}/health`)).json()).toStrictEqual({ status: 'ok' })
  })

  test('logs requests with query, headers, body and status', async () => {
    tenant.clearLog()
    const url = `${tenant.url}/OAuth2/Token/taxefile?x=1`
    await fetch(url, { method: 'POST', body: 'grant_type=none', headers: { 'x-test': 'yes' } })
    expect(tenant.log).toStrictEqual([
      {
        time: expect.any(Number),
        method: 'POST',
        path: '/OAuth2/Token/taxefile',
        query: { x: '1' },
        headers: expect.objectContaining({ 'x-test': 'yes' }),
        body: 'grant_type=none',
        status: 400,
      },
    ])
  })

  test('holds its answers back when told to', async () => {
    tenant.setLatency(40)
    expect(tenant.switches.latency).toBe(40)
    const before = performance.now()
    await fetch(`${tenant.url}/health`)
    expect(performance.now() - before).toBeGreaterThan(38)
  })

  test.each(loopbackAddresses())('is at %s', async (address) => {
    const { port } = new URL(tenant.url)
    expect((await fetch(`http://${address}:${port}/health`)).status).toBe(200)
  })

  test('advertises the host name it is given, stops, and starts again at its port', async () => {
    const first = await startTenant({ hostname: 'tenant.localhost' })
    const { port } = new URL(first.url)
    expect(first.host).toBe(`tenant.localhost:${port}`)
    expect(first.apps.taxefile.issuer).toBe(`http://tenant.localhost:${port}/taxefile/`)
    await fetch(`http://localhost:${port}/health`)
    await first.stop()
    await expect(fetch(`http://localhost:${port}/health`)).rejects.toThrow('fetch failed')
    const second = await startTenant({ port: Number(port) })
    expect(second.url).toBe(`http://localhost:${port}`)
    await second.stop()
  })

  test('does not share a port', async () => {
    const port = Number(new URL(tenant.url).port)
    await expect(startTenant({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test('fails loudly in a journey that leads nowhere', async () => {
    const parameters = { redirect_uri: 'http://localhost:4999/elsewhere' }
    await expect(travel(tenant, { parameters })).rejects.toThrow(NOT_COMING_BACK)
  })
})

/** 127.0.0.1, and ::1 where the machine has IPv6. */
function loopbackAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const hasIPv6 = all.some(({ address }) => address === '::1')
  return hasIPv6 ? ['127.0.0.1', '[::1]'] : ['127.0.0.1']
}
