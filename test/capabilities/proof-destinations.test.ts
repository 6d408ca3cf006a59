import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Recorder, startRecorder } from '../fetch/start-recorder.ts'
import { type OpenApp, signInByRedirect, useProviderApp } from './use-provider-app.ts'

// R162: a key that signs for whoever asks is worth nothing. Looked at where nothing can hide: at every
// signature that the page makes, at every request that another server gets.

const fixture = useProviderApp()
let evil: Recorder

beforeAll(async () => {
  evil = await startRecorder()
})
beforeEach(() => evil.reset())
afterAll(() => evil?.close())

/** Writes down what each signature of a page is for, over all its loads. */
function watchSignatures() {
  const sign = crypto.subtle.sign.bind(crypto.subtle)
  crypto.subtle.sign = (algorithm, key, data) => {
    const text = new TextDecoder().decode(data as ArrayBuffer).split('.')[1] ?? ''
    const { htm, htu, ath } = JSON.parse(atob(text.replace(/-/g, '+').replace(/_/g, '/')))
    const signed = JSON.parse(sessionStorage.getItem('signed') ?? '[]')
    sessionStorage.setItem('signed', JSON.stringify([...signed, { htm, htu, ath }]))
    return sign(algorithm, key, data)
  }
}

/** Signs in, with every signature from then on watched. */
async function open(options = '', more = ''): Promise<OpenApp> {
  const app = await fixture.open({
    imports: "import { dpop } from 'tessera-auth/dpop'",
    options: `capabilities: [dpop()], ${options}`,
    provider: { dpopRequired: true },
  })
  await app.context.addInitScript(watchSignatures)
  if (more) await app.context.addInitScript({ content: more })
  await signInByRedirect(app)
  await app.tab.evaluate(() => sessionStorage.removeItem('signed'))
  return app
}

interface Signed {
  readonly htm: string
  readonly htu: string
  readonly ath?: string
}

const signed = ({ tab }: OpenApp): Promise<Signed[]> =>
  tab.evaluate(() => JSON.parse(sessionStorage.getItem('signed') ?? '[]'))

/** What a call in the page came to. */
const outcome = ({ tab }: OpenApp, call: string): Promise<unknown> =>
  tab.evaluate(`(async () => ${call})().then(
    (value) => value instanceof Response ? value.status : value, (error) => error.code ?? error.name)`)

/** The other server may not have got anything, not even a preflight that announces a proof. */
function nothingAtEvil() {
  expect(evil.log).toEqual([])
  expect(evil.preflights).toEqual([])
}

test('nothing is signed for an origin that is not listed, in whatever form it is named', async () => {
  const app = await open()
  const url = `${evil.url}/api/x`
  for (const call of [
    `auth.fetch('${url}')`,
    `auth.fetch(new URL('${url}'))`,
    `auth.fetch(new Request('${url}', { method: 'POST', body: 'x' }))`,
    `auth.authorize({ url: '${url}' })`,
    `auth.authorize({ url: new URL('${url}'), method: 'POST' })`,
    `auth.getAccessToken({ url: '${url}' })`,
  ]) {
    expect(await outcome(app, call), call).toBe('origin_not_allowed')
  }
  expect(await signed(app)).toEqual([])
  nothingAtEvil()
})

describe('authorize() signs for the address that was listed, and for no other', () => {
  test.for([
    ['a URL that is changed meanwhile', 'new URL(api)', '(url) => { url.href = evil }'],
    [
      'an object that says something else each time',
      '{ toString() { return (this.asked = !this.asked) ? api : evil } }',
      '() => {}',
    ],
    ['a request that is changed meanwhile', 'api', '(_, request) => { request.url = evil }'],
  ] as const)('given %s', async ([, url, change]) => {
    const app = await open()
    const api = `${app.provider.apiUrl}x`
    const call = `{
      const [api, evil] = ['${api}', '${evil.url}/x']
      const url = ${url}
      const request = { url, method: 'GET' }
      const called = auth.authorize(request)
      ;(${change})(url, request)
      return Object.keys(await called)
    }`
    expect(await outcome(app, `await (async () => ${call})()`)).toEqual(['authorization', 'dpop'])
    expect((await signed(app)).map(({ htu }) => htu)).toEqual([api])
  })

  test('given a relative one, on a page with another base', async () => {
    const app = await open()
    const { tab, provider } = app
    await tab.evaluate((href) => {
      document.head.append(Object.assign(document.createElement('base'), { href }))
    }, provider.apiUrl)
    const headers = "const { authorization, dpop } = await auth.authorize({ url: 'x' })"
    expect(
      await outcome(
        app,
        `await (async () => { ${headers}; return fetch('x', { headers: { authorization, dpop } }) })()`,
      ),
    ).toBe(200)
    expect((await signed(app)).map(({ htu }) => htu)).toEqual([`${provider.apiUrl}x`])
  })

  test('for the method as it is sent', async () => {
    const app = await open()
    const url = `${app.provider.apiUrl}x`
    const call = `await (async () => {
      const headers = await auth.authorize({ url: '${url}', method: 'post' })
      return fetch('${url}', { method: 'post', headers })
    })()`
    expect(await outcome(app, call)).toBe(200)
    expect((await signed(app)).map(({ htm }) => htm)).toEqual(['POST'])
  })
})

/** Lets an address answer in another way. */
function answer(
  { provider }: OpenApp,
  path: string,
  status: number,
  headers: Readonly<Record<string, string>>,
) {
  provider.options.intercept = (request, response) => {
    if (request.method === 'OPTIONS' || !request.url?.startsWith(path)) return false
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-expose-headers', '*, www-authenticate, dpop-nonce')
    response.writeHead(status, headers).end('{}')
    return true
  }
}

describe('no redirect leads to another signature or takes one along', () => {
  test.for([301, 302, 303, 307, 308])('of the API, with %s', async (status) => {
    const app = await open("resources: [{ url: metadata.issuer + '/api/', redirect: 'follow' }],")
    answer(app, '/api/', status, { location: `${evil.url}/api/x` })
    const api = `${app.provider.apiUrl}x`
    expect(await outcome(app, `auth.fetch('${api}')`)).toBe('TypeError')
    expect(await outcome(app, `auth.fetch('${api}', { redirect: 'follow' })`)).toBe('TypeError')
    expect(await outcome(app, `auth.fetch('${api}', { redirect: 'manual' })`)).toBe(0)
    expect(await outcome(app, `auth.fetch('${api}', { method: 'POST', body: 'x' })`)).toBe(
      'TypeError',
    )
    expect((await signed(app)).map(({ htm, htu }) => `${htm} ${htu}`)).toEqual([
      `GET ${api}`,
      `GET ${api}`,
      `GET ${api}`,
      `POST ${api}`,
    ])
    nothingAtEvil()
  })

  test.for([
    ['the token endpoint', '/token', 'auth.getAccessToken({ forceRenewal: true })'],
    ['the UserInfo endpoint', '/me', 'auth.userInfo()'],
  ] as const)('of %s', async ([, path, call]) => {
    const app = await open()
    answer(app, path, 307, { location: `${evil.url}${path}` })
    expect(await outcome(app, call)).toBe('network')
    const all = await signed(app)
    expect(all.length).toBeGreaterThan(0)
    for (const { htu } of all) expect(htu).toBe(app.provider.issuer + path)
    nothingAtEvil()
  })
})

describe('a challenge that names another address leads nowhere', () => {
  test.for([
    [401, 'DPoP realm="EVIL", htu="EVIL/x", error="use_dpop_nonce"', 'dpop', 2],
    [401, 'Bearer realm="EVIL", error="invalid_token", resource_metadata="EVIL/m"', 401, 2],
    [401, 'DPoP authorization_uri="EVIL/a", as_uri="EVIL", error="invalid_dpop_proof"', 401, 1],
    [
      401,
      'Bearer error="insufficient_user_authentication", max_age=0, error_uri="EVIL"',
      undefined,
      1,
    ],
    [403, 'DPoP error="insufficient_scope", scope="EVIL/pay", resource="EVIL"', undefined, 1],
  ] as const)('%s %s', async ([status, challenge, expected, calls]) => {
    const app = await open()
    answer(app, '/api/', status, {
      'www-authenticate': challenge.replaceAll('EVIL', evil.url),
      // In this fixture it shares an origin with the provider, which would get it as well.
      ...(expected === 'dpop' && { 'dpop-nonce': 'of the API' }),
      location: `${evil.url}/api/x`,
    })
    const api = `${app.provider.apiUrl}x`
    expect(await outcome(app, `auth.fetch('${api}')`)).toBe(expected ?? 'step_up_required')
    const all = (await signed(app)).map(({ htu }) => htu)
    expect(all.filter((htu) => htu === api)).toHaveLength(calls)
    expect(all.filter((htu) => htu !== api && htu !== `${app.provider.issuer}/token`)).toEqual([])
    nothingAtEvil()
  })
})
