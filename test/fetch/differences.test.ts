import { beforeAll, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { useFetchFixture } from './fixture.ts'

/** Where `auth.fetch` is meant to differ from `fetch`, and how. */
const fixture = useFetchFixture(true)
let tab: Page

beforeAll(async () => {
  tab = await fixture.openSignedIn()
})

const api = () => `${fixture.api.url}/v1`
const nothingSent = () => expect([...fixture.api.log, ...fixture.api.preflights]).toEqual([])
const config = (message: string) => ({
  error: { name: 'AuthError', code: 'config', message, retryable: false },
})

test.for<[name: string, init: RequestInit]>([
  ['authorization', { headers: { Authorization: 'Bearer own' } }],
  ['authorization', { headers: [['AUTHORIZATION', '']] }],
  ['dpop', { headers: { DPoP: 'own' } }],
])('a header "%s" of the caller is refused: %j', async ([name, init]) => {
  const outcomes = await tab.evaluate(
    ([url, given]) => {
      const headers = new Headers(given.headers)
      return Promise.all([
        outcomeOf(auth.fetch(url, given)),
        outcomeOf(() => auth.fetch(new Request(url, given))),
        outcomeOf(auth.fetch(url, { headers })),
        outcomeOf(auth.fetch(new Request(url), given)),
      ])
    },
    [`${api()}/x`, init] as const,
  )
  const refused = config(`fetch: the header "${name}" is set by auth.fetch; leave it out.`)
  expect(outcomes).toEqual([refused, refused, refused, refused])
  nothingSent()
})

test('mode "no-cors" is refused, which would drop the token without a word', async () => {
  const outcomes = await tab.evaluate(
    (url) =>
      Promise.all([
        outcomeOf(auth.fetch(url, { mode: 'no-cors' })),
        outcomeOf(auth.fetch(new Request(url, { mode: 'no-cors' }))),
        outcomeOf(auth.fetch(new Request(url), { mode: 'no-cors' })),
      ]),
    `${api()}/x`,
  )
  const refused = config('fetch: mode "no-cors" drops the access token; leave it out.')
  expect(outcomes).toEqual([refused, refused, refused])
  nothingSent()
})

test.for(['default', 'init', 'Request'])(
  'a redirect is an error, whether "follow" comes from the %s',
  async (from) => {
    const outcome = await tab.evaluate(
      ([url, from]) => {
        const follow = { redirect: 'follow' as const }
        if (from === 'init') return outcomeOf(auth.fetch(url, follow))
        return outcomeOf(auth.fetch(from === 'Request' ? new Request(url, follow) : url))
      },
      [`${api()}/same`, from] as const,
    )
    expect(outcome).toMatchObject({ error: { name: 'TypeError' } })
    expect(fixture.api.log.map(({ path }) => path)).toEqual(['/v1/same'])
  },
)

test('a stream is sent as a stream, or refused, and never as its name', async () => {
  const outcome = await tab.evaluate((url) => {
    const body = new Blob(['streamed']).stream()
    return outcomeOf(auth.fetch(url, { method: 'POST', body, duplex: 'half' } as RequestInit))
  }, `${api()}/x`)
  expect(outcome).toMatchObject(
    fixture.browser.engine.name === 'chromium'
      ? // Chromium streams over HTTP/2 alone.
        { error: { name: 'TypeError' } }
      : config('fetch: this browser cannot stream a request body; send a Blob.'),
  )
  expect(fixture.api.log).toEqual([])
})

test.for(['init', 'Request'])(
  'the source of a stream of the %s is told that the call was aborted',
  async (from) => {
    if (fixture.browser.engine.name !== 'chromium') return
    const told = await tab.evaluate(
      async ([url, from]) => {
        const abort = async (when: 'before' | 'at once') => {
          const controller = new AbortController()
          let told = 'nothing'
          const body = new ReadableStream({
            cancel(reason) {
              told = String(reason)
            },
          })
          const init = { method: 'POST', body, duplex: 'half' } as RequestInit
          const { signal } = controller
          if (when === 'before') controller.abort('enough')
          const called =
            from === 'init'
              ? auth.fetch(url, { ...init, signal })
              : auth.fetch(new Request(url, init), { signal })
          controller.abort('enough')
          const reason = await called.catch((reason: unknown) => reason)
          await new Promise((resolve) => setTimeout(resolve))
          return [reason, told]
        }
        return [await abort('before'), await abort('at once')]
      },
      [`${api()}/x`, from] as const,
    )
    // A Request was looked at by a copy, which had no reason.
    const reason = from === 'init' ? 'enough' : 'enough,'
    expect(told).toEqual([
      ['enough', reason],
      ['enough', reason],
    ])
  },
)

test.for(['an init', 'a Request'])(
  'keepalive of %s names the address of the page as it is, and not the one with the code',
  async (from) => {
    const { href } = await tab.evaluate(async (from) => {
      const init = { keepalive: true }
      await (from === 'an init'
        ? auth.fetch('/own/x', init)
        : auth.fetch(new Request('/own/x', init)))
      await auth.fetch(new Request('/own/x', { ...init, referrerPolicy: 'no-referrer' }))
      return { href: location.href }
    }, from)
    expect(href).not.toContain('code=')
    expect(fixture.api.log.map(({ headers }) => headers.referer)).toEqual([href, undefined])
  },
)

test.for([{}, { keepalive: true }])(
  'the reason of a signal comes back as it is, of a Request with %j too',
  async (init) => {
    const arrived = fixture.api.url
    const reasons = await tab.evaluate(
      async ([url, api, init]) => {
        const controller = new AbortController()
        const { signal } = controller
        const called = auth.fetch(new Request(url, init), { signal })
        called.catch(() => {})
        await fetch(`${api}/arrival-of/v1/hanging`)
        controller.abort('enough')
        const timeout = auth.fetch(new Request(url, init), { signal: AbortSignal.timeout(50) })
        return [
          await called.catch((reason: unknown) => reason),
          await timeout.catch(({ name }: Error) => name),
        ]
      },
      [`${api()}/hanging`, arrived, init] as const,
    )
    expect(reasons).toEqual(['enough', 'TimeoutError'])
  },
)

test('an address is read once, also where the call is refused', async () => {
  const outcomes = await tab.evaluate(async (url) => {
    const callOf = async (init: RequestInit, isBroken: boolean) => {
      let reads = 0
      const address = {
        toString() {
          reads++
          if (isBroken) throw new RangeError(`read ${reads}`)
          return url
        },
      }
      const called = Reflect.apply(auth.fetch, undefined, [address, init])
      const { message, name } = await called.catch((error: Error) => error)
      return [reads, name, isBroken && message]
    }
    return [await callOf({ method: 'a b' }, false), await callOf({}, true)]
  }, `${api()}/x`)
  expect(outcomes).toEqual([
    [1, 'TypeError', false],
    [1, 'RangeError', 'read 1'],
  ])
  expect(fixture.api.log).toEqual([])
})

test('what a page has put on every object is no member of what is asked of the browser', async () => {
  // Others stream no bodies, and a Request as an init has a stream.
  if (fixture.browser.engine.name !== 'chromium') return
  const outcome = await tab.evaluate(async (url) => {
    const request = new Request(url, { method: 'POST', body: 'x' })
    Object.assign(Object.prototype, { keepalive: true })
    const called = outcomeOf(auth.fetch(url, request).then((response) => response.status))
    Reflect.deleteProperty(Object.prototype, 'keepalive')
    return called
  }, `${api()}/x`)
  // Chromium streams over HTTP/2 alone: the browser has refused it, and not the probe.
  expect(outcome).toMatchObject({ error: { name: 'TypeError', message: 'Failed to fetch' } })
})

test('without a session nothing is sent', async () => {
  const stranger = await fixture.open()
  const outcomes = await stranger.evaluate(
    (url) =>
      Promise.all([
        outcomeOf(auth.fetch(url)),
        outcomeOf(auth.fetch(new Request(url, { method: 'POST', body: 'x' }))),
        outcomeOf(auth.authorize({ url })),
        outcomeOf(auth.getAccessToken({ url })),
      ]),
    `${api()}/x`,
  )
  const error = {
    name: 'AuthError',
    code: 'not_authenticated',
    message: 'Nobody is signed in: call auth.signIn().',
    retryable: false,
  }
  expect(outcomes).toEqual([{ error }, { error }, { error }, { error }])
  nothingSent()
})

test('the functions of the page are left as they were', async () => {
  expect(
    await tab.evaluate(() => [
      fetch.toString().includes('[native code]'),
      XMLHttpRequest.prototype.open.toString().includes('[native code]'),
      Object.isFrozen(auth),
    ]),
  ).toEqual([true, true, true])
})

test('the fetch of the moment is called, as a function of the page', async () => {
  const seen = await tab.evaluate(async (url) => {
    const native = globalThis.fetch
    const calls: unknown[] = []
    globalThis.fetch = function (this: unknown, input, init) {
      calls.push([this === globalThis, input instanceof Request])
      return native(input, init)
    }
    await auth.fetch(url)
    globalThis.fetch = native
    await auth.fetch(url)
    return calls
  }, `${api()}/x`)
  expect(seen).toEqual([[true, true]])
})
