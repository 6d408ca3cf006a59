import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTenant, type Tenant, type TenantApp } from '../../demo/tenant/start-tenant.mjs'
import { type Browser, headingOf, openBrowser } from './browser.ts'
import { basic, getTokens, REDIRECT_URI, readReply, send, travel } from './journey.ts'

const HOME = 'http://localhost:4999/?from=tenant'

let tenant: Tenant
let taxefile: TenantApp

beforeAll(async () => {
  const postLogoutRedirectUris = [HOME, 'http://localhost:4999/']
  tenant = await startTenant({ redirectUris: [REDIRECT_URI], postLogoutRedirectUris })
  taxefile = tenant.apps.taxefile
})
afterAll(() => tenant.stop())

describe('EndSessionV2', () => {
  let browser: Browser
  let idToken: string

  beforeEach(async () => {
    browser = openBrowser()
    idToken = (await getTokens(tenant, { browser })).id_token
  })

  const signOut = (parameters: Record<string, string>) =>
    browser.get(`${taxefile.metadata.end_session_endpoint}?${new URLSearchParams(parameters)}`)
  const isSignedIn = async () => (await travel(tenant, { browser })).pages.length === 0

  test('ends the single sign-on session and goes back with the state', async () => {
    const visit = await signOut({
      id_token_hint: idToken,
      post_logout_redirect_uri: 'http://localhost:4999/',
      state: 'a b',
    })
    expect(visit.status).toBe(302)
    expect(visit.headers.get('location')).toBe('http://localhost:4999/?state=a%20b')
    expect(browser.cookies.size).toBe(0)
    expect(await isSignedIn()).toBe(false)
  })

  test('keeps the query of the address it goes back to', async () => {
    const hint = { id_token_hint: idToken, post_logout_redirect_uri: HOME }
    expect((await signOut(hint)).headers.get('location')).toBe(HOME)
    browser = (await travel(tenant)).browser
    const visit = await signOut({ ...hint, state: 's' })
    expect(visit.headers.get('location')).toBe(`${HOME}&state=s`)
  })

  test('shows a page of its own without an address', async () => {
    const visit = await signOut({ id_token_hint: idToken })
    expect([visit.status, headingOf(visit)]).toStrictEqual([200, 'You are signed out'])
    expect(await isSignedIn()).toBe(false)
  })

  test('takes a POST, any case, and a hint whose keys have been rotated', async () => {
    await tenant.rotateKeys()
    const url = `${tenant.url}/oauth2/endsessionv2/TaxEfile`
    const visit = await browser.post(url, { id_token_hint: idToken })
    expect(headingOf(visit)).toBe('You are signed out')
  })

  test('takes the hint of a user who is signed out already', async () => {
    tenant.endSessions()
    expect(headingOf(await signOut({ id_token_hint: idToken }))).toBe('You are signed out')
  })

  test.each([
    [
      'no hint',
      () => ({}),
      'The request has no id_token_hint, or one that this tenant has not issued.',
    ],
    [
      'a forged hint',
      () => ({ id_token_hint: `${idToken.slice(0, -8)}AAAAAAAA` }),
      'The request has no id_token_hint, or one that this tenant has not issued.',
    ],
    [
      'an address that is not registered',
      () => ({ id_token_hint: idToken, post_logout_redirect_uri: 'http://localhost:4999/x' }),
      'Tax eFile wants to go on to an address that is not among its post-logout redirect URIs.',
    ],
  ])('refuses %s and ends nothing', async (_, parameters, what) => {
    const visit = await signOut(parameters())
    expect([visit.status, headingOf(visit)]).toStrictEqual([400, 'Sign-out refused'])
    expect(visit.body).toContain(what)
    expect(await isSignedIn()).toBe(true)
  })

  test("refuses another app's hint", async () => {
    tenant.set({ oauth2IdToken: 'included' })
    const app = tenant.apps['taxefile-api']
    const { id_token } = await getTokens(tenant, { browser, app })
    const visit = await signOut({ id_token_hint: id_token })
    expect(visit.body).toContain('The id_token_hint was issued for another application.')
  })

  test('refuses a hint about somebody else', async () => {
    await travel(tenant, { browser, user: 'peter.b', parameters: { prompt: 'login' } })
    const visit = await signOut({ id_token_hint: idToken })
    expect(visit.body).toContain('is about somebody else than the user who is signed in.')
  })
})

describe('the legacy end session', () => {
  test('goes by the cookie alone and redirects anywhere', async () => {
    const { browser } = await travel(tenant)
    const url = `${tenant.url}/oauth2/endsession`
    const visit = await browser.get(`${url}?post_logout_redirect_uri=https://any.example/`)
    expect(visit.headers.get('location')).toBe('https://any.example/')
    expect((await travel(tenant, { browser })).pages).toStrictEqual(['Sign in'])
    expect((await browser.get(url)).headers.get('location')).toBe('/')
  })
})

describe("the tenant's own API", () => {
  async function getBearer(scope: string, app = tenant.apps['taxefile-api']) {
    const form = { grant_type: 'password', scope, username: 'monika.a', password: 'Monika-demo-1' }
    const credentials = basic(app.clientId, app.clientSecret)
    const { body } = await send(app.metadata.token_endpoint, form, credentials)
    return { authorization: `Bearer ${body.access_token}` }
  }

  const getUser = async (headers = {}) =>
    readReply(await fetch(`${tenant.url}/CDirectoryService/GetUser`, { headers }))
  const createUser = async (headers: Record<string, string>, body: object) =>
    readReply(
      await fetch(`${tenant.url}/cdirectoryservice/createuser`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    )

  test('reads the user with ReadUserProfile', async () => {
    const { status, body } = await getUser(await getBearer('ReadUserProfile'))
    expect(status).toBe(200)
    expect(body).toStrictEqual({
      success: true,
      Result: {
        Uuid: '4f6a2b0e-3c1d-4e8a-9b57-0d2c8e1f7a63',
        Name: 'monika.a',
        DisplayName: 'Monika A.',
        Mail: 'monika.a@tenant.example',
      },
      Message: null,
    })
  })

  test('creates a user with ManageUsers, who can sign in then', async () => {
    const bearer = await getBearer('ManageUsers')
    const user = { Name: 'New.User', Password: 'New-demo-3' }
    const { body } = await createUser(bearer, user)
    expect(body).toStrictEqual({
      success: true,
      Result: expect.stringMatching(/^[\da-f-]{36}$/),
      Message: null,
    })
    const { answer } = await travel(tenant, { user: 'new.user', password: 'New-demo-3' })
    expect(Object.keys(answer)).toStrictEqual(['code', 'state'])
    const again = await createUser(bearer, user)
    expect([again.status, again.body.Message]).toStrictEqual([
      409,
      'There is a user New.User already.',
    ])
    const incomplete = await createUser(bearer, { Name: 'x' })
    expect([incomplete.status, incomplete.body.Message]).toStrictEqual([
      400,
      'Name and Password are required.',
    ])
  })

  test('refuses a scope that does not open the path', async () => {
    const { status, body } = await createUser(await getBearer('ReadUserProfile'), {})
    expect(status).toBe(403)
    expect(body).toStrictEqual({
      success: false,
      Result: null,
      Message: 'No scope of the token opens this path.',
    })
  })

  test('refuses no token, and a token of the OpenID Connect app', async () => {
    expect((await getUser()).status).toBe(401)
    const { access_token } = await getTokens(tenant, {
      parameters: { scope: 'openid ReadUserProfile' },
    })
    const { status, headers, body } = await getUser({ authorization: `Bearer ${access_token}` })
    expect([status, headers.get('www-authenticate')]).toStrictEqual([401, 'Bearer'])
    expect(body.Message).toBe('This call needs a bearer token.')
  })
})
