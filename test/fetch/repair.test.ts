import { describe, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { signInAgain, stateOf } from '../e2e/fixture.ts'
import { useFetchFixture } from './fixture.ts'
import { createGate } from './listen.ts'
import type { RecorderAnswer } from './start-recorder.ts'

declare global {
  /** Calls that wait for a renewal, half of which stop to. */
  var halves: {
    controller: AbortController
    impatient: Promise<unknown>
    patient: Promise<unknown>
  }
  /** How requests were to use the cache when the service worker saw them. */
  var modes: string[]
}

const fixture = useFetchFixture()
const api = () => `${fixture.api.url}/v1`

const tokens = () => fixture.api.log.map(({ headers }) => headers.authorization)

/** The API refuses the first token that it sees, and takes any other. */
function refuseFirstToken(answer: RecorderAnswer) {
  let first: string | undefined
  fixture.api.answer(({ headers }) => {
    first ??= headers.authorization
    return headers.authorization === first ? { status: 401, ...answer } : undefined
  })
}

const challenge = (value: string) => ({ headers: { 'www-authenticate': value } })

/** Calls, and says what came of it. */
function call(tab: Page, init: RequestInit = {}) {
  return tab.evaluate(
    ([url, init]) => outcomeOf(auth.fetch(url, init).then(async (r) => [r.status, await r.text()])),
    [`${api()}/x`, init] as const,
  )
}

describe('fetch() renews once and tries again once after a 401', () => {
  test.for([
    ['that says invalid_token', challenge('Bearer error="invalid_token"')],
    ['in other letters', challenge('bEaReR rEalm="x", ERROR="invalid_token"')],
    ['without quotes', challenge('Bearer error=invalid_token')],
    ['that names no error', challenge('Bearer realm="api"')],
    ['next to one that names no error', challenge('DPoP algs="ES256", Bearer error=invalid_token')],
    [
      'next to one that names another error',
      challenge('DPoP error="invalid_dpop_proof", Bearer error="invalid_token"'),
    ],
    ['of DPoP', challenge('DPoP algs="ES256", error="invalid_token"')],
    ['among other schemes', challenge('Basic realm="x", Bearer error="invalid_token", Digest a=b')],
    ['in two header fields', challenge('Negotiate, Bearer error="invalid_token"')],
    ['without a challenge', {}],
    ['with an empty challenge', challenge('')],
    ['with a malformed challenge', challenge('"')],
    [
      'whose challenge CORS hides',
      {
        headers: {
          'www-authenticate': 'Bearer error="invalid_token"',
          'access-control-expose-headers': 'x-answer',
        },
      },
    ],
  ] as const)('%s', async ([, answer]) => {
    refuseFirstToken({ ...answer, body: 'refused' })
    const tab = await fixture.openSignedIn()
    const before = await tab.evaluate(() => auth.getAccessToken())
    expect(await call(tab)).toEqual({ value: [200, 'GET was seen'] })
    const after = await tab.evaluate(() => auth.getAccessToken())
    expect(tokens()).toEqual([`Bearer ${before}`, `Bearer ${after}`])
    expect(after).not.toBe(before)
    expect(fixture.provider.refreshes()).toBe(1)
  })
})

test.for([
  [401, 'Bearer error="invalid_token"', { value: [200, 'GET was seen'] }],
  [
    403,
    'Bearer error="insufficient_scope", scope="pay"',
    {
      error: { code: 'step_up_required', message: 'The API asks for the scope "pay".' },
    },
  ],
] as const)(
  'fetch() heeds a %s whose body breaks off before it is wanted',
  async ([status, value, outcome]) => {
    const tab = await fixture.openSignedIn()
    const first = `Bearer ${await tab.evaluate(() => auth.getAccessToken())}`
    fixture.api.answer(({ headers }) =>
      headers.authorization === first
        ? { status, ...challenge(value), body: 'begun', torn: true }
        : undefined,
    )
    const called = await tab.evaluate(async (url) => {
      const client = createClient({
        fetch: async (input, init) => {
          const response = await fetch(input, init)
          // Its copy ends as it does.
          if (!response.ok)
            await response
              .clone()
              .text()
              .catch(() => {})
          return response
        },
      })
      await client.start()
      const outcome = await outcomeOf(
        client.fetch(url).then(async (r) => [r.status, await r.text()]),
      )
      client.close()
      return outcome
    }, `${api()}/x`)
    expect(called).toMatchObject(outcome)
  },
)

describe('fetch() hands a 401 over as it is', () => {
  test.for([
    'Basic realm="x"',
    'Negotiate',
    'Negotiate a87421000492aa874209af8bc028',
    'Digest realm="x", nonce="y", error="invalid_token"',
    'Bearerish error="invalid_token"',
    'Bearer error="invalid_request"',
    'Bearer error="insufficient_scope"',
    'Bearer error="Invalid_Token"',
    'DPoP error="invalid_dpop_proof"',
    'Basic realm="Bearer error=\\"invalid_token\\""',
    'DPoP error="invalid_dpop_proof", algs="ES256", Bearer realm="x"',
    'Bearer error="insufficient_scope", scope="pay", DPoP algs="ES256"',
    'DPoP algs="ES256", Bearer error="invalid_request"',
  ])('that says %s', async (value) => {
    refuseFirstToken({ ...challenge(value), body: 'as it is' })
    const tab = await fixture.openSignedIn()
    expect(await call(tab)).toEqual({ value: [401, 'as it is'] })
    expect(fixture.api.log).toHaveLength(1)
    expect(fixture.provider.refreshes()).toBe(0)
  })

  test.for([
    ['the provider refuses', { status: 400, error: 'invalid_grant' }, 'signed-out'],
    [
      'the provider takes no refresh of ours',
      { status: 400, error: 'unauthorized_client' },
      'signed-in',
    ],
    ['the provider is down', { status: 503, error: 'unavailable' }, 'signed-in'],
    ['the provider is broken', { status: 500, error: 'server_error' }, 'signed-in'],
  ] as const)('when %s', async ([, refuseRefresh, status]) => {
    refuseFirstToken({ body: 'as it is' })
    fixture.provider.answers.refuseRefresh = refuseRefresh
    const tab = await fixture.openSignedIn()
    expect(await call(tab, { method: 'POST', body: 'x' })).toEqual({ value: [401, 'as it is'] })
    expect(fixture.api.log).toHaveLength(1)
    expect(fixture.provider.refreshes()).toBe(1)
    expect((await stateOf(tab)).status).toBe(status)
  })

  test('when the renewal gives the same token', async () => {
    fixture.api.answer(() => ({ status: 401, body: 'as it is' }))
    fixture.provider.answers.sameToken = true
    const tab = await fixture.openSignedIn()
    expect(await call(tab)).toEqual({ value: [401, 'as it is'] })
    expect(fixture.api.log).toHaveLength(1)
    expect(fixture.provider.refreshes()).toBe(1)
  })

  test('when the request is keepalive, even where there is a token to be had', async () => {
    refuseFirstToken({ body: 'as it is' })
    const tab = await fixture.openSignedIn()
    expect(await call(tab, { method: 'POST', body: 'x', keepalive: true })).toEqual({
      value: [401, 'as it is'],
    })
    expect(fixture.api.log).toHaveLength(1)
    expect(fixture.provider.refreshes()).toBe(0)
  })

  test('when it is given a Request that is keepalive', async () => {
    refuseFirstToken({ body: 'as it is' })
    const tab = await fixture.openSignedIn()
    const outcome = await tab.evaluate(async (url) => {
      const kept: unknown[] = []
      const before = globalThis.fetch
      globalThis.fetch = (input, init) => {
        kept.push(init?.keepalive)
        return before(input, init)
      }
      const { status } = await auth.fetch(new Request(url, { keepalive: true }))
      globalThis.fetch = before
      return [status, kept]
    }, `${api()}/x`)
    expect(outcome).toEqual([401, [true]])
    expect(fixture.api.log).toHaveLength(1)
    expect(fixture.provider.refreshes()).toBe(0)
  })

  test.for(['an init', 'a Request', 'an init of a frame'])(
    'when the body of %s is a stream',
    async (from) => {
      // Where there are none, a Request has the name of it for a body.
      if (from === 'a Request' && fixture.browser.engine.name !== 'chromium') return
      const tab = await fixture.openSignedIn()
      const outcome = await tab.evaluate(async (from) => {
        let calls = 0
        const client = createClient({
          resources: [{ url: 'https://api.example.com/' }],
          fetch: async (input, init) => {
            calls++
            const text = await new Request(input, init).text()
            return new Response(`refused ${text}`, { status: 401 })
          },
        })
        await client.start()
        const address = 'https://api.example.com/'
        const frame = document.body.appendChild(document.createElement('iframe'))
        const realm = from === 'an init of a frame' ? frame.contentWindow : globalThis
        const body = new (realm as typeof globalThis).Blob(['a stream']).stream()
        const init = { method: 'PATCH', body, duplex: 'half', cache: 'no-store' } as RequestInit
        const called =
          from === 'a Request'
            ? client.fetch(new Request(address, init))
            : client.fetch(address, init)
        const seen = await outcomeOf(called.then(async (r) => [r.status, await r.text()]))
        client.close()
        return [seen, calls]
      }, from)
      expect(outcome).toEqual(
        fixture.browser.engine.name === 'chromium'
          ? [{ value: [401, 'refused a stream'] }, 1]
          : [{ error: expect.objectContaining({ code: 'config' }) }, 0],
      )
      expect(fixture.provider.refreshes()).toBe(0)
    },
  )
})

describe('fetch() sends the very same request again', () => {
  const BODIES: Readonly<Record<string, () => unknown>> = {
    'a string': () => 'gr\u00fc\u00dfe',
    URLSearchParams: () => new URLSearchParams({ a: '\u00e4 b' }),
    'a Blob': () => new Blob(['blob'], { type: 'image/png' }),
    'a File': () => new File(['file'], 'a.txt', { type: 'text/plain' }),
    FormData: () => {
      const form = new FormData()
      form.append('a', 'b')
      form.append('file', new File(['x'.repeat(100_000)], '\u00fc.bin'))
      return form
    },
    'an ArrayBuffer': () => new Uint8Array([0, 255, 128]).buffer,
    'a typed array': () => new Uint16Array([1, 2, 65535]),
    'a DataView': () => new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2),
    'a large Blob': () => new Blob(['0123456789'.repeat(500_000)]),
    'no body': () => null,
  }

  const KINDS = ['init', 'Request', 'init over Request']

  test('with every kind of body, given in every way', async () => {
    const tab = await fixture.openSignedIn()
    const refused = await tab.evaluate(() => auth.getAccessToken())
    fixture.api.answer(({ headers }) =>
      headers.authorization === `Bearer ${refused}` ? { status: 401 } : undefined,
    )
    const sources = Object.values(BODIES).map(String)
    const statuses = await tab.evaluate(
      ([sources, kinds, url]) => {
        const fetchBy = (kind: string, url: string, init: RequestInit) => {
          if (kind === 'init') return auth.fetch(url, init)
          if (kind === 'Request') return auth.fetch(new Request(url, init))
          return auth.fetch(new Request(url, { method: 'PUT', body: 'not this' }), init)
        }
        const calls = sources.flatMap((source, index) => {
          const body = new Function(`return (${source})()`)()
          const init = { method: 'PATCH', body, headers: { 'x-own': 'a' } }
          return kinds.map((kind) => fetchBy(kind, `${url}/${index}/${encodeURI(kind)}`, init))
        })
        return Promise.all(calls.map(async (call) => (await call).status))
      },
      [sources, KINDS, api()] as const,
    )
    expect(statuses).toEqual(Array(sources.length * KINDS.length).fill(200))
    expect(fixture.provider.refreshes()).toBe(1)
    for (const index of sources.keys()) {
      for (const kind of KINDS) {
        const path = `/v1/${index}/${encodeURI(kind)}`
        const [first, second, ...more] = fixture.api.log
          .filter((each) => each.path === path)
          .map(({ headers: { authorization, ...headers }, body, ...rest }) => ({
            token: authorization,
            sent: { ...rest, headers, body: body.toString('latin1') },
          }))
        expect(more).toEqual([])
        expect(second?.sent).toEqual(first?.sent)
        expect(first?.token).toBe(`Bearer ${refused}`)
        expect(second?.token).not.toBe(first?.token)
      }
    }
  })
})

test('fetch() sends a request again that is to be answered by the cache alone', async () => {
  const tab = await fixture.openSignedIn()
  const outcome = await tab.evaluate(async () => {
    const sent: unknown[] = []
    const client = createClient({
      resources: [{ url: '/own/' }],
      fetch: async (input, init) => {
        if (!(input instanceof Request)) return fetch(input, init)
        const request = new Request(input, init)
        const { method, mode, cache } = request
        sent.push([method, mode, cache, await request.text()])
        return new Response(null, { status: sent.length === 1 ? 401 : 200 })
      },
    })
    await client.start()
    const { status } = await client.fetch('/own/x', {
      method: 'PUT',
      body: 'x',
      mode: 'same-origin',
      cache: 'only-if-cached',
    })
    client.close()
    return [status, sent]
  })
  const sent = ['PUT', 'same-origin', 'only-if-cached', 'x']
  expect(outcome).toEqual([200, [sent, sent]])
})

test('fetch() takes the keepalive of the init, and not that of the Request', async () => {
  refuseFirstToken({})
  const tab = await fixture.openSignedIn()
  const outcome = await tab.evaluate(
    (url) =>
      outcomeOf(
        auth
          .fetch(new Request(url, { keepalive: true }), { keepalive: false })
          .then(({ status }) => status),
      ),
    `${api()}/x`,
  )
  expect(outcome).toEqual({ value: 200 })
})

test('fetch() renews again for an API that has taken a new token since it refused one', async () => {
  const gate = createGate()
  const seen: (string | undefined)[] = []
  fixture.api.answer(async ({ path, headers: { authorization } }) => {
    if (!seen.includes(authorization)) seen.push(authorization)
    const at = seen.indexOf(authorization)
    if (at === 0 || path.endsWith('/never')) return { status: 401 }
    if (path.endsWith('/late')) await gate.opened
    return path.endsWith('/again') && at === 1 ? { status: 401 } : undefined
  })
  const tab = await fixture.openSignedIn()
  const statusOf = (name: string) =>
    tab.evaluate((url) => auth.fetch(url).then(({ status }) => status), `${api()}/${name}`)
  const late = statusOf('late')
  expect(await statusOf('never')).toBe(401)
  await expect.poll(() => fixture.api.log.filter(({ path }) => path === '/v1/late').length).toBe(2)
  gate.open()
  expect(await late).toBe(200)
  expect(await statusOf('again')).toBe(200)
  expect(fixture.provider.refreshes()).toBe(2)
})

test('fetch() burns no renewals on an API that always answers 401', async () => {
  fixture.api.answer(() => ({ status: 401, body: 'no' }))
  const tab = await fixture.openSignedIn()
  const answers = await tab.evaluate(async (url) => {
    const seen: unknown[] = []
    for (let index = 0; index < 25; index++) {
      const response = await auth.fetch(url, { method: 'POST', body: 'x' })
      seen.push([response.status, await response.text()])
    }
    const rest = Array.from({ length: 25 }, () => auth.fetch(url))
    for (const response of await Promise.all(rest)) {
      seen.push([response.status, await response.text()])
    }
    return seen
  }, `${api()}/x`)
  expect(answers).toEqual(Array(50).fill([401, 'no']))
  expect(fixture.api.log).toHaveLength(51)
  expect(fixture.provider.refreshes()).toBe(1)
})

test('fetch() gives an API that always answers 401 another renewal after five minutes, also where the clock of the device was set back', async () => {
  fixture.api.answer(() => ({ status: 401 }))
  const tab = await fixture.openSignedIn()
  await tab.evaluate(() => {
    const moved = { device: 0, page: 0 }
    const [pageNow, deviceNow] = [performance.now.bind(performance), Date.now]
    performance.now = () => pageNow() + moved.page
    Date.now = () => deviceNow() + moved.device
    Object.assign(globalThis, { moved })
  })
  const move = (by: { readonly page: number; readonly device: number }) =>
    tab.evaluate(({ page, device }) => {
      const { moved } = globalThis as never as { moved: { device: number; page: number } }
      moved.page += page * 60_000
      moved.device += device * 60_000
    }, by)
  await call(tab)
  expect(fixture.provider.refreshes()).toBe(1)
  await move({ page: 0, device: -60 })
  // The token is renewed once, as nobody knows how old it is.
  await call(tab)
  expect(fixture.provider.refreshes()).toBe(2)
  await move({ page: 4.5, device: 4.5 })
  await call(tab)
  expect(fixture.provider.refreshes()).toBe(2)
  await move({ page: 1, device: 1 })
  await call(tab)
  expect(fixture.provider.refreshes()).toBe(3)
})

test('fetch() burns one renewal on fifty calls at once to an API that always answers 401', async () => {
  fixture.api.answer(() => ({ status: 401, body: 'no' }))
  const tab = await fixture.openSignedIn()
  const statuses = await tab.evaluate(async (url) => {
    const calls = Array.from({ length: 50 }, () => auth.fetch(url))
    return (await Promise.all(calls)).map((response) => response.status)
  }, `${api()}/x`)
  expect(statuses).toEqual(Array(50).fill(401))
  expect(fixture.provider.refreshes()).toBe(1)
})

test('an API that always answers 401 does not keep another from being repaired', async () => {
  fixture.usePage({
    resources: [{ url: `${fixture.api.url}/v1/` }, { url: `${fixture.other.url}/v1/` }],
  })
  fixture.api.answer(() => ({ status: 401 }))
  const tab = await fixture.openSignedIn()
  expect(await call(tab)).toMatchObject({ value: [401, ''] })
  const stale = await tab.evaluate(() => auth.getAccessToken())
  fixture.other.answer(({ headers }) =>
    headers.authorization === `Bearer ${stale}` ? { status: 401 } : undefined,
  )
  const status = await tab.evaluate(
    async (url) => (await auth.fetch(url)).status,
    `${fixture.other.url}/v1/x`,
  )
  expect(status).toBe(200)
  expect(fixture.provider.refreshes()).toBe(2)
})

test('fetch() never renews over anything but a 401', async () => {
  const tab = await fixture.openSignedIn()
  for (const status of [400, 402, 403, 404, 406, 409, 418, 429, 500, 502, 503, 504]) {
    for (const value of ['Bearer error="invalid_token"', 'Bearer', '']) {
      fixture.api.answer(() => ({ status, ...challenge(value), body: 'as it is' }))
      expect(await call(tab), `${status} ${value}`).toEqual({ value: [status, 'as it is'] })
    }
  }
  expect(fixture.api.log).toHaveLength(12 * 3)
  expect(fixture.provider.refreshes()).toBe(0)
})

test('fetch() tries nothing again after a failure of the network', async () => {
  const tab = await fixture.openSignedIn()
  const seen = await tab.evaluate(async () => {
    const calls: string[] = []
    const client = createClient({
      resources: [{ url: 'https://api.example.com/' }],
      fetch: async (input, init) => {
        calls.push(new Request(input, init).method)
        throw new TypeError('the network is down')
      },
    })
    await client.start()
    const call = (method: string) => outcomeOf(client.fetch('https://api.example.com/', { method }))
    const outcomes = [await call('GET'), await call('POST'), await call('PUT')]
    client.close()
    return { calls, outcomes }
  })
  const error = { name: 'TypeError', message: 'the network is down' }
  expect(seen).toEqual({
    calls: ['GET', 'POST', 'PUT'],
    outcomes: [{ error }, { error }, { error }],
  })
  expect(fixture.provider.refreshes()).toBe(0)
})

test('thirty 401s at once are one renewal, whatever their size, and each is tried again', async () => {
  // More than a connection holds back: an answer that nobody reads would keep it for ever.
  refuseFirstToken({ body: 'x'.repeat(2_000_000) })
  const tab = await fixture.openSignedIn()
  const answers = await tab.evaluate(async (url) => {
    const calls = Array.from({ length: 30 }, async (_, index) => {
      const response = await auth.fetch(`${url}?${index}`, { method: 'POST', body: `${index}` })
      return [response.status, await response.text()]
    })
    return Promise.all(calls)
  }, `${api()}/x`)
  expect(answers).toEqual(Array(30).fill([200, 'POST was seen']))
  const sent = fixture.api.log.map(({ path, body }) => `${path} ${body}`)
  const each = Array.from({ length: 30 }, (_, index) => `/v1/x?${index} ${index}`)
  expect(sent.toSorted()).toEqual([...each, ...each].toSorted())
  expect(new Set(tokens()).size).toBe(2)
  expect(fixture.provider.refreshes()).toBe(1)
})

test.for(['default', 'no-cache', 'no-store', 'reload'] as const)(
  'a refused body that never ends holds up no call with cache %s',
  async (cache) => {
    refuseFirstToken({ body: 'x'.repeat(1_000), endless: true })
    const tab = await fixture.openSignedIn()
    // Of one alone, Firefox would hold up about the half; it has six connections, and keeps those.
    const answers = await tab.evaluate(
      async ([url, cache]) => {
        const calls = Array.from({ length: 3 }, async (_, index) => {
          const response = await auth.fetch(`${url}${index}`, { cache })
          return [response.status, await response.text()]
        })
        return Promise.all(calls)
      },
      [`${api()}/x`, cache] as const,
    )
    expect(answers).toEqual(Array(3).fill([200, 'GET was seen']))
    expect(fixture.api.log).toHaveLength(6)
    expect(fixture.provider.refreshes()).toBe(1)
  },
)

test('a refusal in the cache is not taken for the answer to a new token', async () => {
  const headers = {
    'www-authenticate': 'Bearer error="invalid_token"',
    'cache-control': 'max-age=600',
  }
  refuseFirstToken({ headers, body: 'refused' })
  const tab = await fixture.openSignedIn()
  expect(await call(tab, { cache: 'force-cache' })).toEqual({ value: [200, 'GET was seen'] })
  expect(fixture.api.log).toHaveLength(2)
  expect(fixture.provider.refreshes()).toBe(1)
})

const SERVICE_WORKER = `
addEventListener('activate', (event) => event.waitUntil(clients.claim()))
addEventListener('fetch', (event) => {
  const { request, clientId } = event
  if (!request.url.endsWith('/v1/x')) return
  const answer = async () => {
    ;(await clients.get(clientId)).postMessage(request.cache)
    return fetch(request)
  }
  event.respondWith(answer())
})`

test('where a service worker fetches for the page, a call is sent again by the cache mode that it had', async () => {
  let first: string | undefined
  fixture.api.answer(({ path, headers: { authorization } }) => {
    const headers = { 'content-type': 'text/javascript', 'service-worker-allowed': '/' }
    if (path === '/own/worker') return { headers, body: SERVICE_WORKER }
    first ??= authorization
    return authorization === first ? { status: 401 } : undefined
  })
  const tab = await fixture.openSignedIn()
  await tab.evaluate(async () => {
    const { serviceWorker } = navigator
    const inCharge = new Promise((resolve) => {
      serviceWorker.oncontrollerchange = resolve
    })
    await serviceWorker.register('/own/worker', { scope: '/' })
    await inCharge
    globalThis.modes = []
    serviceWorker.onmessage = ({ data }) => modes.push(data)
  })
  expect(await call(tab)).toEqual({ value: [200, 'GET was seen'] })
  expect(await tab.evaluate(() => modes)).toEqual(['default', 'default'])
  expect(fixture.provider.refreshes()).toBe(1)
})

test('a page that may not ask for service workers, as in a sandbox, renews after a 401 like any other', async () => {
  refuseFirstToken({})
  const tab = await fixture.openSignedIn()
  await tab.evaluate(() => {
    Object.defineProperty(navigator, 'serviceWorker', {
      get() {
        throw new DOMException('Service worker is disabled', 'SecurityError')
      },
    })
  })
  expect(await call(tab)).toEqual({ value: [200, 'GET was seen'] })
})

test('a 401 that comes late finds the token renewed, and renews nothing', async () => {
  const tab = await fixture.openSignedIn()
  const late = createGate()
  const old = await tab.evaluate(() => auth.getAccessToken())
  fixture.api.answer(async ({ path, headers }) => {
    if (headers.authorization !== `Bearer ${old}`) return undefined
    if (path.endsWith('late')) await late.opened
    return { status: 401 }
  })
  const slow = tab.evaluate(
    (url) => outcomeOf(auth.fetch(url).then((response) => response.status)),
    `${api()}/late`,
  )
  expect(await call(tab)).toEqual({ value: [200, 'GET was seen'] })
  await expect.poll(() => fixture.api.log.some(({ path }) => path === '/v1/late')).toBe(true)
  late.open()
  expect(await slow).toEqual({ value: 200 })
  expect(fixture.provider.refreshes()).toBe(1)
})

test('whoever stops waiting for a renewal is let go at once, and the others are served', async () => {
  const gate = createGate()
  fixture.provider.answers.beforeRefresh = gate.opened
  refuseFirstToken({})
  const tab = await fixture.openSignedIn()
  await tab.evaluate((url) => {
    const controller = new AbortController()
    const { signal } = controller
    const status = (task: Promise<Response>) => outcomeOf(task.then((response) => response.status))
    const told = (task: Promise<unknown>) => task.catch((reason) => ['reason', reason])
    const impatient = Promise.all([
      told(auth.fetch(url, { signal })),
      told(auth.fetch(new Request(url, { signal, method: 'POST', body: 'x' }))),
      told(auth.getAccessToken({ forceRenewal: true, signal })),
    ])
    const patient = Promise.all([
      status(auth.fetch(url)),
      status(auth.fetch(url, { method: 'PUT' })),
    ])
    globalThis.halves = { controller, impatient, patient }
  }, `${api()}/x`)
  await expect.poll(() => fixture.provider.refreshes()).toBe(1)
  await expect.poll(() => fixture.api.log.length).toBe(4)
  const impatient = await tab.evaluate(() => {
    halves.controller.abort('no more')
    return halves.impatient
  })
  expect(impatient).toEqual(Array(3).fill(['reason', 'no more']))
  expect(fixture.api.log).toHaveLength(4)
  gate.open()
  const patient = await tab.evaluate(() => halves.patient)
  expect(patient).toEqual([{ value: 200 }, { value: 200 }])
  expect(fixture.api.log).toHaveLength(6)
  expect(fixture.provider.refreshes()).toBe(1)
})

test('whoever stops waiting for a renewal gets the reason, also where that is an error of ours', async () => {
  const gate = createGate()
  fixture.provider.answers.beforeRefresh = gate.opened
  refuseFirstToken({})
  const tab = await fixture.openSignedIn()
  const outcome = await tab.evaluate(async (url) => {
    const reason = await auth.fetch('https://elsewhere.example/').catch((error) => error)
    const controller = new AbortController()
    const called = auth.fetch(url, { signal: controller.signal }).catch((error) => error)
    await new Promise<void>((resolve) => {
      const stop = auth.subscribe((state) => {
        if (state.status === 'signed-in' && state.renewal === 'renewing') resolve()
      })
      void called.then(stop)
    })
    controller.abort(reason)
    return [reason.code, (await called) === reason]
  }, `${api()}/x`)
  gate.open()
  expect(outcome).toEqual(['origin_not_allowed', true])
})

test.for([
  ['a 401', 401, '', { value: 200 }],
  [
    'a step-up',
    403,
    'Bearer error="insufficient_scope", scope="more"',
    { error: { code: 'step_up_required' } },
  ],
] as const)(
  'does not wait for a body of which the page’s fetch has left a clone unread, with %s',
  async ([, status, header, expected]) => {
    const tab = await fixture.openSignedIn()
    const outcome = await tab.evaluate(
      async ([url, status, header]) => {
        const native = globalThis.fetch
        let made: Response | undefined
        globalThis.fetch = async (...given) => {
          if (made) return native(...given)
          const headers = { 'www-authenticate': header }
          made = new Response(new ReadableStream(), { status, headers })
          made.clone()
          return made
        }
        const late = new Promise<never>((_, reject) => setTimeout(reject, 20_000, Error('late')))
        const called = auth.fetch(url).then((response) => response.status)
        return outcomeOf(Promise.race([called, late]).finally(() => (globalThis.fetch = native)))
      },
      [`${api()}/x`, status, header] as const,
    )
    expect(outcome).toMatchObject(expected)
  },
)

test('a keepalive request waits for nothing', async () => {
  fixture.provider.answers.lifetime = 1
  const tab = await fixture.openSignedIn()
  // A token that has run out, by a clock that the page is told to have.
  await tab.evaluate(() => {
    const ahead = Date.now() + 3_600_000
    Date.now = () => ahead
  })
  fixture.provider.answers.beforeRefresh = new Promise(() => {})
  expect(await call(tab, { method: 'POST', body: 'bye', keepalive: true })).toMatchObject({
    error: {
      code: 'session_expired',
      message: 'No valid access token is at hand, and a keepalive request does not wait for one.',
    },
  })
  expect(fixture.api.log).toEqual([])
})

test('a step-up that the second answer asks for is told as one', async () => {
  let first: string | undefined
  fixture.api.answer(({ headers }) => {
    first ??= headers.authorization
    return headers.authorization === first
      ? { status: 401 }
      : { status: 403, ...challenge('Bearer error="insufficient_scope", scope="more"') }
  })
  const tab = await fixture.openSignedIn()
  expect(await call(tab)).toMatchObject({
    error: { code: 'step_up_required', status: 403, request: { scope: ['more'] } },
  })
  expect(fixture.api.log).toHaveLength(2)
})

test.for([
  ['in a session with an ID token', ['openid']],
  ['in a session without one', ['read']],
] as const)(
  'what one user asked for is not sent again as another who signed in meanwhile, %s (R91)',
  async ([, scope]) => {
    fixture.usePage({ scope })
    const tab = await fixture.openSignedIn()
    const gate = createGate()
    fixture.api.answer(async () => {
      await gate.opened
      return { status: 401, ...challenge('Bearer error="invalid_token"'), body: 'as it is' }
    })
    const called = call(tab, { method: 'POST', body: 'pay' })
    await expect.poll(() => fixture.api.log.length).toBe(1)
    const other = await tab.context().newPage()
    await other.goto(fixture.pages.origin())
    await other.waitForFunction(() => globalThis.started)
    await other.evaluate(() => auth.signOut({ local: true }))
    await tab.waitForFunction(() => auth.state.status === 'signed-out')
    fixture.provider.answers.user = 'peter'
    await signInAgain(other)
    await tab.waitForFunction(() => auth.state.status === 'signed-in')
    gate.open()
    expect(await called).toEqual({ value: [401, 'as it is'] })
    expect(fixture.api.log).toHaveLength(1)
  },
)
