import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { moveClock, useClock } from './clock.ts'
import { appPage, requestsTo, signIn, signInAgain, stateOf, useFixture } from './fixture.ts'
import { type Api, startApi } from './start-api.ts'

const fixture = useFixture()
let api: Api
let elsewhere: Api

beforeAll(async () => {
  api = await startApi()
  elsewhere = await startApi()
})

afterAll(async () => {
  await api?.stop()
  await elsewhere?.stop()
})

beforeEach(() => {
  for (const each of [api, elsewhere]) {
    each.log.splice(0)
    each.answer(() => ({}))
  }
  useResources([{ url: `${api.url}/v1/` }, { url: `${fixture.bank.url}/api/` }])
})

function useResources(resources: readonly object[], more = ''): void {
  fixture.pages.setPage('/', appPage({ ...fixture.options, resources }, more))
}

async function openSignedIn() {
  const tab = await fixture.open()
  await signIn(tab, fixture)
  return tab
}

const renewals = () =>
  requestsTo(fixture.tenant, 'Token').filter(({ body }) => body.includes('refresh_token')).length

/** Calls `fetch` of a client with these resources, and says whether a token was sent, and where to. */
const ASK = `globalThis.ask = async (resources, input) => {
  const sent = []
  const client = createClient({
    resources,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      sent.push([request.url, request.headers.has('authorization')])
      return new Response('')
    },
  })
  await client.start()
  const forms = { text: () => input, url: () => new URL(input, location.href), request: () => new Request(input) }
  const verdicts = {}
  for (const [form, make] of Object.entries(forms)) {
    let made
    try {
      made = make()
    } catch {
      continue
    }
    const outcome = await outcomeOf(client.fetch(made))
    verdicts[form] = outcome.error ? outcome.error.code ?? outcome.error.name : sent.at(-1)
    if (outcome.error && sent.length > 0) verdicts[form] = 'sent all the same'
    sent.length = 0
  }
  client.close()
  return verdicts
}`

declare global {
  var ask: (resources: readonly object[], input: string) => Promise<Record<string, unknown>>
}

const REFUSED = 'origin_not_allowed'

// How URLs really parse, in every spelling that has been used to fool a client.
const ADDRESSES: readonly (readonly [string, string])[] = [
  ...[
    '//evil.com',
    '////evil.com',
    '///evil.com',
    '/\\evil.com',
    '\\\\evil.com',
    '\\/evil.com',
    '/\t/evil.com',
    '\t//evil.com',
    ' https://evil.com',
    'ht\ntps://evil.com',
    'https:///evil.com',
    'https:\\\\evil.com',
    'https://evil.com\\@api.example.com/',
    'https://api.example.com@evil.com',
    'https://api.example.com:443@evil.com',
    'https://api.example.com;@evil.com',
    'https://api.example.com&@evil.com',
    'https://api.example.com.evil.com',
    'https://api.example.com%2eevil.com',
    'https://api.example.com%E3%80%82evil.com',
    'https:evil.com',
    'https:/evil.com',
    '/%2F/evil.com',
    '/.//evil.com',
    'x/..//evil.com',
    'https://user@api.example.com/',
    'https://user:password@api.example.com/',
    'blob:https://api.example.com/u',
    'data:text/plain,https://api.example.com/',
    'javascript:https://api.example.com/',
    'https://api.example.com./',
    'https://api.example.com:8443/',
    'http://api.example.com/',
    'https://\u0430pi.example.com/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://api.example.com%00/',
    'https://api.example.com|/',
    'https://[api.example.com]/',
    '',
    '/',
  ].map((address) => [address, REFUSED] as const),
  ['https://api.example.com', 'https://api.example.com/'],
  ['HTTPS://API.EXAMPLE.COM', 'https://api.example.com/'],
  ['https://api.example.com:443/a?b#c', 'https://api.example.com/a?b#c'],
  ['https://api\u3002example\u3002com', 'https://api.example.com/'],
  ['https://api.example.com\\@evil.com/', 'https://api.example.com/@evil.com/'],
  ['https://api.example.com\\.evil.com/', 'https://api.example.com/.evil.com/'],
]

test('fetch() sends a token to the exact origin alone, as a string, a URL and a Request', async () => {
  useResources([], ASK)
  const tab = await openSignedIn()
  for (const [address, expected] of ADDRESSES) {
    const verdicts = await tab.evaluate(
      (input) => ask([{ url: 'https://api.example.com/' }], input),
      address,
    )
    const [origin] = expected.split('#')
    const wanted = expected === REFUSED ? REFUSED : [expect.stringContaining(String(origin)), true]
    for (const [form, verdict] of Object.entries(verdicts)) {
      expect(verdict, `${JSON.stringify(address)} as ${form}`).toEqual(wanted)
    }
    expect(Object.keys(verdicts)).toContain('text')
  }
})

const PATHS = [
  ['https://api.example.com/v1', true],
  ['https://api.example.com/v1/', true],
  ['https://api.example.com/v1?q', true],
  ['https://api.example.com/v1/a/b', true],
  ['https://api.example.com/v1//a', true],
  ['https://api.example.com/v2/../v1/a', true],
  ['https://api.example.com/v1/%2e%2e/v1/a', true],
  ['https://api.example.com/', false],
  ['https://api.example.com/v10', false],
  ['https://api.example.com/V1/a', false],
  ['https://api.example.com//v1/a', false],
  ['https://api.example.com/v1/../v2', false],
  ['https://api.example.com/v1/%2e%2e/v2', false],
  ['https://api.example.com/v1/..%2fv2', false],
  ['https://api.example.com/v1/%2E%2E%2Fv2', false],
  ['https://api.example.com/v1%2fa', false],
  ['https://api.example.com/v1/a%5c..%5c..%5cv2', false],
  ['https://api.example.com/v1\\..\\v2', false],
  ['https://api.example.com/v1/..;/v2', false],
  ['https://api.example.com/%76%31/a', false],
] as const

test('fetch() sends a token to paths below that of the resource alone', async () => {
  useResources([], ASK)
  const tab = await openSignedIn()
  for (const [address, allowed] of PATHS) {
    const verdicts = await tab.evaluate(
      (input) => ask([{ url: 'https://api.example.com/v1/' }], input),
      address,
    )
    const wanted = allowed ? [expect.stringContaining('https://api.example.com/'), true] : REFUSED
    expect(verdicts, address).toEqual({ text: wanted, url: wanted, request: wanted })
  }
})

test('fetch() names the origin that is not listed, and sends nothing', async () => {
  const tab = await openSignedIn()
  const outcome = await tab.evaluate((url) => outcomeOf(auth.fetch(url)), `${elsewhere.url}/v1/`)
  expect(outcome).toEqual({
    error: {
      name: 'AuthError',
      code: 'origin_not_allowed',
      message: `${elsewhere.url} is not under a listed resource; nothing was sent.`,
      hint: `List it in the option "resources", or use the plain fetch. Listed: ${api.url}/v1/, ${fixture.bank.url}/api/.`,
      retryable: false,
    },
  })
  expect(elsewhere.log).toEqual([])
})

test('fetch() takes a Request of a frame that is gone, and refuses one that leads elsewhere', async () => {
  const tab = await openSignedIn()
  const outcomes = await tab.evaluate(
    async (addresses) => {
      const made = addresses.map((address) => {
        const frame = document.body.appendChild(document.createElement('iframe'))
        const { Request } = frame.contentWindow as never as typeof globalThis
        // Without a body, which Chromium does not send once the frame is gone.
        const request = new Request(address)
        frame.remove()
        return request
      })
      const call = async (request: Request) => (await auth.fetch(request)).status
      return Promise.all(made.map((request) => outcomeOf(call(request))))
    },
    [`${api.url}/v1/frame`, `${elsewhere.url}/v1/frame`],
  )
  expect(outcomes).toMatchObject([
    { value: 200 },
    {
      error: {
        code: REFUSED,
        message: `${elsewhere.url} is not under a listed resource; nothing was sent.`,
      },
    },
  ])
  expect(api.log.map(({ path }) => path)).toEqual(['/v1/frame'])
  expect(elsewhere.log).toEqual([])
})

test('fetch() sends nothing while nobody is signed in', async () => {
  const tab = await fixture.open()
  const outcome = await tab.evaluate((url) => outcomeOf(auth.fetch(url)), `${api.url}/v1/`)
  expect(outcome).toMatchObject({
    error: { code: 'not_authenticated', message: 'Nobody is signed in: call auth.signIn().' },
  })
  expect(api.log).toEqual([])
})

test('fetch() keeps what the caller asked for, and adds the token in the header alone', async () => {
  const tab = await openSignedIn()
  const token = await tab.evaluate(() => auth.getAccessToken())
  const before = await tab.evaluate(async (url) => {
    const native = fetch
    const headers = new Headers({ 'x-own': 'yes' })
    const request = new Request(`${url}?q=1`, { method: 'PUT', body: 'text', headers })
    const response = await auth.fetch(request)
    return [
      response.status,
      request.bodyUsed,
      request.headers.has('authorization'),
      native === fetch,
    ]
  }, `${api.url}/v1/things`)
  expect(before).toEqual([200, true, false, true])
  expect(api.log).toMatchObject([
    { method: 'PUT', path: '/v1/things?q=1', body: 'text', headers: { 'x-own': 'yes' } },
  ])
  expect(api.log[0]?.headers.authorization).toBe(`Bearer ${token}`)
  expect(api.log[0]?.headers.cookie).toBeUndefined()
})

test('fetch() uses the fetch that the page has at the time of the call', async () => {
  const tab = await openSignedIn()
  const seen = await tab.evaluate(async (url) => {
    const native = globalThis.fetch
    const calls: string[] = []
    globalThis.fetch = (input, init) => {
      calls.push(new Request(input, init).url)
      return native(input, init)
    }
    await auth.fetch(url)
    globalThis.fetch = native
    return calls
  }, `${api.url}/v1/late`)
  expect(seen).toEqual([`${api.url}/v1/late`])
})

test.for([
  [
    { headers: { Authorization: 'Bearer own' } },
    'fetch: the header "authorization" is set by auth.fetch; leave it out.',
  ],
  [{ headers: { DPoP: 'own' } }, 'fetch: the header "dpop" is set by auth.fetch; leave it out.'],
  [{ mode: 'no-cors' }, 'fetch: mode "no-cors" drops the access token; leave it out.'],
] as const)('fetch() refuses %j', async ([init, message]) => {
  const tab = await openSignedIn()
  const outcomes = await tab.evaluate(
    ([url, init]) => {
      const given = init as RequestInit
      return Promise.all([
        outcomeOf(auth.fetch(url, given)),
        outcomeOf(() => auth.fetch(new Request(url, given))),
      ])
    },
    [`${api.url}/v1/`, init] as const,
  )
  const refused = { error: { name: 'AuthError', code: 'config', message, retryable: false } }
  // A Request of mode "no-cors" drops such headers by itself.
  expect(outcomes[0]).toEqual(refused)
  expect(outcomes[1]).toEqual(refused)
  expect(api.log).toEqual([])
})

test('fetch() lets no request follow a redirect, and hands nothing over', async () => {
  api.answer(() => ({ status: 307, headers: { location: `${elsewhere.url}/steal` } }))
  const tab = await openSignedIn()
  const outcomes = await tab.evaluate(
    (url) =>
      Promise.all([
        outcomeOf(auth.fetch(url)),
        outcomeOf(auth.fetch(url, { method: 'POST', body: 'the secret plan' })),
        outcomeOf(auth.fetch(new Request(url, { redirect: 'follow' }))),
      ]),
    `${api.url}/v1/moved`,
  )
  expect(outcomes).toEqual(Array(3).fill({ error: expect.objectContaining({ name: 'TypeError' }) }))
  expect(api.log).toHaveLength(3)
  expect(elsewhere.log).toEqual([])
})

test('fetch() follows a redirect where the resource says so, without a token and without a body', async () => {
  useResources([{ url: `${api.url}/v1/`, redirect: 'follow' }])
  api.answer(() => ({ status: 307, headers: { location: `${elsewhere.url}/next` } }))
  const tab = await openSignedIn()
  const url = `${api.url}/v1/moved`
  const followed = await tab.evaluate(
    (url) => outcomeOf(auth.fetch(url).then(({ status, redirected }) => [status, redirected])),
    url,
  )
  expect(followed).toEqual({ value: [200, true] })
  expect(elsewhere.log).toMatchObject([{ method: 'GET', path: '/next' }])
  expect(elsewhere.log[0]?.headers.authorization).toBeUndefined()
  const posted = await tab.evaluate(
    (url) => outcomeOf(auth.fetch(url, { method: 'POST', body: 'the secret plan' })),
    url,
  )
  expect(posted).toMatchObject({ error: { name: 'TypeError' } })
  expect(elsewhere.log).toHaveLength(1)
})

test('fetch() renews once after a 401, and sends the request again with the new token', async () => {
  fixture.tenant.set({ refresh: 'allowed' })
  const tab = await openSignedIn()
  const stale = `Bearer ${await tab.evaluate(() => auth.getAccessToken())}`
  api.answer(({ headers }) => ({ status: headers.authorization === stale ? 401 : 200 }))
  const status = await tab.evaluate(
    async (url) => (await auth.fetch(url, { method: 'POST', body: 'once' })).status,
    `${api.url}/v1/things`,
  )
  expect(status).toBe(200)
  expect(api.log.map(({ body }) => body)).toEqual(['once', 'once'])
  expect(new Set(api.log.map(({ headers }) => headers.authorization)).size).toBe(2)
  expect(renewals()).toBe(1)
  expect(await tab.evaluate(async () => `Bearer ${await auth.getAccessToken()}`)).toBe(
    api.log[1]?.headers.authorization,
  )
})

test('fetch() gives a 401 back after one repair, and burns no renewals on an API that always says it', async () => {
  fixture.tenant.set({ refresh: 'allowed' })
  api.answer(() => ({ status: 401, body: 'no' }))
  const tab = await openSignedIn()
  const answers = await tab.evaluate(async (url) => {
    const responses = []
    for (let call = 0; call < 4; call++) responses.push(await auth.fetch(url))
    return Promise.all(responses.map(async (response) => [response.status, await response.text()]))
  }, `${api.url}/v1/`)
  expect(answers).toEqual(Array(4).fill([401, 'no']))
  expect(api.log).toHaveLength(5)
  expect(renewals()).toBe(1)
  expect((await stateOf(tab)).status).toBe('signed-in')
})

test('fetch() gives a 401 back where only the user can renew', async () => {
  const tab = await openSignedIn()
  api.answer(() => ({ status: 401, body: 'no' }))
  const answer = await tab.evaluate(async (url) => {
    const response = await auth.fetch(url)
    return [response.status, await response.text()]
  }, `${api.url}/v1/`)
  expect(answer).toEqual([401, 'no'])
  expect((await stateOf(tab)).status).toBe('signed-in')
})

test('fetch() gives any other refusal back as it is', async () => {
  fixture.tenant.set({ refresh: 'allowed' })
  const tab = await openSignedIn()
  api.answer(({ path }) => ({ status: Number(path.slice(-3)), body: 'as it is' }))
  for (const status of [403, 404, 500, 503]) {
    const answer = await tab.evaluate(async (url) => {
      const response = await auth.fetch(url)
      return [response.status, await response.text(), response.url]
    }, `${api.url}/v1/${status}`)
    expect(answer).toEqual([status, 'as it is', `${api.url}/v1/${status}`])
  }
  expect(api.log).toHaveLength(4)
  expect(renewals()).toBe(0)
})

test('fetch() sends a body again after a 401, whatever it was made of', async () => {
  fixture.tenant.set({ refresh: 'allowed' })
  const tab = await openSignedIn()
  const stale = `Bearer ${await tab.evaluate(() => auth.getAccessToken())}`
  api.answer(({ headers }) => ({ status: headers.authorization === stale ? 401 : 200 }))
  const statuses = await tab.evaluate(async (url) => {
    const form = new FormData()
    form.set('file', new Blob(['a=b']), 'name.txt')
    const bodies: Record<string, BodyInit> = {
      text: 'a=b',
      parameters: new URLSearchParams({ a: 'b' }),
      blob: new Blob(['a=b'], { type: 'text/x-own' }),
      bytes: new TextEncoder().encode('a=b'),
      form,
    }
    const method = 'POST'
    const calls = Object.entries(bodies).flatMap(([name, body]) => [
      auth.fetch(`${url}${name}`, { method, body }),
      auth.fetch(new Request(`${url}${name}-of-request`, { method, body })),
      auth.fetch(new Request(`${url}${name}-over-request`, { method, body: 'other' }), { body }),
    ])
    return Promise.all(calls.map(async (call) => (await call).status))
  }, `${api.url}/v1/`)
  expect(statuses).toEqual(Array(15).fill(200))
  expect(renewals()).toBe(1)
  const seen = new Map<string, unknown[]>()
  for (const { path, body, headers } of api.log) {
    const boundary = /boundary=(\S+)/.exec(headers['content-type'] ?? '')?.[1] ?? '-none-'
    const content = [body.replaceAll(boundary, ''), headers['content-type']?.replace(boundary, '')]
    seen.set(path, [...(seen.get(path) ?? []), content])
    expect(body, path).toContain('a=b')
  }
  expect(seen.size).toBe(15)
  for (const [path, [first, second, ...more]] of seen) {
    // Those that waited for the renewal were sent once.
    if (second) expect(second, path).toEqual(first)
    expect(more).toEqual([])
  }
  expect(api.log.length).toBeGreaterThan(15)
})

test('fetch() streams a body or says that this browser cannot, and never sends its name instead', async () => {
  const tab = await openSignedIn()
  const outcome = await tab.evaluate(
    (url) =>
      outcomeOf(
        auth.fetch(url, {
          method: 'POST',
          body: new Blob(['a=b']).stream(),
          duplex: 'half',
        } as RequestInit),
      ),
    `${api.url}/v1/`,
  )
  if (fixture.browser.engine.name === 'chromium') {
    // Chromium streams over HTTP/2 alone.
    expect(outcome).toMatchObject({ error: { name: 'TypeError' } })
  } else {
    expect(outcome).toMatchObject({
      error: {
        code: 'config',
        message: 'fetch: this browser cannot stream a request body; send a Blob.',
      },
    })
  }
  expect(api.log).toEqual([])
})

test('fetch() heeds the signal of the caller, and gives its reason', async () => {
  const tab = await openSignedIn()
  api.answer(() => new Promise(() => {}))
  const outcomes = await tab.evaluate(async (url) => {
    const before = await outcomeOf(
      auth.fetch(url, { signal: AbortSignal.abort('not today') }).catch(String),
    )
    const controller = new AbortController()
    const under = outcomeOf(auth.fetch(url, { signal: controller.signal }))
    setTimeout(() => controller.abort(), 50)
    return [before, await under]
  }, `${api.url}/v1/`)
  expect(outcomes).toEqual([
    { value: 'not today' },
    { error: expect.objectContaining({ name: 'AbortError' }) },
  ])
})

test('a 403 for want of a scope becomes a step-up that signIn() takes as it is', async () => {
  const tab = await openSignedIn()
  const transfer = `${fixture.bank.url}/api/transfers`
  const call = () =>
    tab.evaluate(
      (url) =>
        outcomeOf(
          auth
            .fetch(url, {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: '{}',
            })
            .then(({ status }) => status),
        ),
      transfer,
    )
  const refused = (await call()) as { error: { request: object } }
  expect(refused).toEqual({
    error: {
      name: 'AuthError',
      code: 'step_up_required',
      message: 'The API asks for the scope "payments.write".',
      hint: 'In a click: auth.signIn(error.request).',
      retryable: false,
      status: 403,
      request: {
        challenge: JSON.stringify([fixture.bank.url, 'insufficient_scope', ['payments.write']]),
        url: `${fixture.bank.url}/api`,
        scope: ['payments.write'],
        sameUser: true,
        returnTo: tab.url(),
      },
    },
  })
  const before = (await stateOf(tab)).scope as string[]
  await signInAgainWithConsent(tab, refused.error.request)
  expect(await stateOf(tab)).toMatchObject({ status: 'signed-in', error: null })
  const after = (await stateOf(tab)).scope as string[]
  expect(after).toEqual(expect.arrayContaining([...before, 'payments.write']))
  // Past the scope, the bank looks at the transfer itself.
  expect(await call()).toEqual({ value: 422 })
})

test('a challenge that a sign-in has answered is not answered twice', async () => {
  const tab = await openSignedIn()
  api.answer(() => ({
    status: 403,
    headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="never.granted"' },
  }))
  const call = () =>
    tab.evaluate((url) => outcomeOf(auth.fetch(url).then(({ status }) => status)), `${api.url}/v1/`)
  const refused = (await call()) as { error: { request: object } }
  expect(refused).toMatchObject({ error: { code: 'step_up_required' } })
  await signInAgain(tab, refused.error.request)
  expect(await call()).toEqual({ value: 403 })
})

test('a sign-in answers a max_age for so long, and a minute at least', async () => {
  fixture.tenant.set({ consent: 'never' })
  const profile = await fixture.newProfile()
  await useClock(profile)
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  api.answer(() => ({
    status: 401,
    headers: {
      'www-authenticate': 'Bearer error="insufficient_user_authentication", max_age="300"',
    },
  }))
  const call = () =>
    tab.evaluate((url) => outcomeOf(auth.fetch(url).then(({ status }) => status)), `${api.url}/v1/`)
  const asked = { error: { code: 'step_up_required', request: { maxAge: 300 } } }
  const refused = (await call()) as { error: { request: object } }
  expect(refused).toMatchObject(asked)
  await signInAgain(tab, refused.error.request)
  await moveClock(tab, { device: 4 * 60_000, page: 4 * 60_000 })
  expect(await call()).toEqual({ value: 401 })
  await moveClock(tab, { device: 2 * 60_000, page: 2 * 60_000 })
  expect(await call()).toMatchObject(asked)
})

test('a challenge that CORS hides is given back as the 403 it is', async () => {
  fixture.bank.set({ challenge: 'hidden' })
  const tab = await openSignedIn()
  const outcome = await tab.evaluate(
    (url) =>
      outcomeOf(auth.fetch(url, { method: 'POST', body: '{}' }).then(({ status }) => status)),
    `${fixture.bank.url}/api/transfers`,
  )
  expect(outcome).toEqual({ value: 403 })
})

test('a 401 for want of a stronger sign-in is a step-up, and one that is not met leaves the session', async () => {
  const resources = [{ url: `${fixture.bank.url}/api/`, scope: ['payments.write'] }]
  useResources(resources)
  fixture.bank.set({ stepUp: { acrValues: 'mfa' } })
  const tab = await openSignedIn()
  const call = () =>
    tab.evaluate(
      (url) => outcomeOf(auth.fetch(url, { method: 'POST', body: '{}' }).then((r) => r.status)),
      `${fixture.bank.url}/api/transfers`,
    )
  const refused = (await call()) as { error: { request: object } }
  expect(refused).toMatchObject({
    error: {
      code: 'step_up_required',
      message: 'The API asks for a stronger or more recent sign-in.',
      status: 401,
      request: { acrValues: ['mfa'], sameUser: true },
    },
  })
  await signInAgain(tab, refused.error.request)
  expect(requestsTo(fixture.tenant, 'Authorize').at(-1)?.query.acr_values).toBe('mfa')
  expect(await stateOf(tab)).toMatchObject({
    status: 'signed-in',
    error: { code: 'id_token_invalid', message: 'The ID token is refused: acr is missing.' },
  })
})

test('authorize() gives the headers that fetch() would add, for a listed address alone', async () => {
  const tab = await openSignedIn()
  const token = await tab.evaluate(() => auth.getAccessToken())
  const outcomes = await tab.evaluate(
    ([url, other]) =>
      Promise.all([outcomeOf(auth.authorize({ url })), outcomeOf(auth.authorize({ url: other }))]),
    [`${api.url}/v1/`, `${elsewhere.url}/v1/`] as const,
  )
  expect(outcomes).toMatchObject([
    { value: { authorization: `Bearer ${token}` } },
    { error: { code: 'origin_not_allowed' } },
  ])
})

async function signInAgainWithConsent(tab: Parameters<typeof signInAgain>[0], request: object) {
  await tab.evaluate((given) => {
    globalThis.isLeaving = true
    void auth.signIn(given)
  }, request)
  await tab.click('button[value=allow]')
  await tab.waitForFunction(() => globalThis.started && !globalThis.isLeaving)
}
