import { createAuth } from 'tessera-auth'
import { afterEach, expect, test, vi } from 'vitest'
import { createGate } from '../../fetch/listen.ts'

const METADATA = 'https://login.example/.well-known/openid-configuration'

const OPTIONS = { metadata: METADATA, clientId: 'client', redirectUri: '/callback' }

afterEach(() => {
  vi.useRealTimers()
})

test('a request to the provider has fixed members, and none from a prototype (R37)', async () => {
  const asked: [url: string, init: RequestInit | undefined][] = []
  const auth = createAuth({
    ...OPTIONS,
    async fetch(input, init) {
      asked.push([String(input), init])
      return Response.json({})
    },
  })
  await expect(auth.signIn()).rejects.toMatchObject({ code: 'discovery_invalid' })
  const [[url, init] = []] = asked
  expect(url).toBe(METADATA)
  expect(init).toEqual({
    method: 'GET',
    headers: { accept: 'application/json' },
    body: null,
    mode: 'cors',
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
    referrer: '',
    referrerPolicy: 'no-referrer',
    integrity: '',
    keepalive: false,
    signal: expect.any(AbortSignal),
  })
  expect(Object.getPrototypeOf(init)).toBe(null)
  auth.close()
})

test.for([
  [2 ** 19, 'The provider has no usable authorization_endpoint.'],
  [2 ** 19 + 1, `${METADATA} answered with too large a body.`],
] as const)('metadata of %i bytes: %s (R46)', async ([size, message]) => {
  const body = JSON.stringify({ issuer: 'https://login.example/' }).padEnd(size)
  const auth = createAuth({ ...OPTIONS, fetch: async () => new Response(body) })
  await expect(auth.signIn()).rejects.toMatchObject({ code: 'discovery_invalid', message })
  auth.close()
})

test.for([
  [undefined, 'The provider has no usable authorization_endpoint.'],
  // As from node-fetch, whose body is a stream of another kind.
  [{ pipe() {} }, 'The provider has no usable authorization_endpoint.'],
  [undefined, `${METADATA} answered with too large a body.`, 2 ** 19 + 1],
] as const)(
  'an answer whose body is %j, and no stream of the platform, is read as text: %s',
  async ([body, message, size = 0]) => {
    const text = JSON.stringify({ issuer: 'https://login.example/' }).padEnd(size)
    const answer = { status: 200, headers: new Headers(), body, text: async () => text }
    const auth = createAuth({ ...OPTIONS, fetch: async () => answer as never })
    await expect(auth.signIn()).rejects.toMatchObject({ code: 'discovery_invalid', message })
    auth.close()
  },
)

test('the deadline is as long as it was set, and an answer leaves no timer behind', async () => {
  vi.useFakeTimers()
  const answer = createGate()
  let isLate = true
  const auth = createAuth({
    ...OPTIONS,
    persistence: 'memory',
    timeout: 1_000,
    async fetch() {
      if (isLate) return new Promise(() => {})
      await answer.opened
      return Response.json({})
    },
  })
  const first = auth.signIn().catch((error) => error)
  await vi.advanceTimersByTimeAsync(999)
  expect(await Promise.race([first, 'waits'])).toBe('waits')
  await vi.advanceTimersByTimeAsync(1)
  expect(await first).toMatchObject({
    code: 'timeout',
    message: `${METADATA} did not answer in time.`,
  })
  isLate = false
  const second = auth.signIn().catch((error) => error)
  await vi.advanceTimersByTimeAsync(600)
  answer.open()
  expect(await second).toMatchObject({ code: 'discovery_invalid' })
  expect(vi.getTimerCount()).toBe(0)
  auth.close()
})

test('a character that comes in two pieces is one', async () => {
  const issuer = 'https://login.example/\u00fc/'
  const bytes = new TextEncoder().encode(JSON.stringify({ issuer }))
  const cut = bytes.indexOf(0xc3) + 1
  const body = () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(bytes.slice(0, cut))
        controller.enqueue(bytes.slice(cut))
        controller.close()
      },
    })
  const auth = createAuth({ ...OPTIONS, issuer, fetch: async () => new Response(body()) })
  await expect(auth.signIn()).rejects.toMatchObject({
    message: 'The provider has no usable authorization_endpoint.',
  })
  auth.close()
})

test('an answer that ends within a character is no JSON', async () => {
  const bytes = [...new TextEncoder().encode('{}'), 0xc3]
  const auth = createAuth({ ...OPTIONS, fetch: async () => new Response(new Uint8Array(bytes)) })
  await expect(auth.signIn()).rejects.toMatchObject({
    code: 'discovery_invalid',
    message: `${METADATA} has no JSON object (status 200).`,
  })
  auth.close()
})

test('an address that does not answer is named, and cut', async () => {
  const metadata = `https://login.example/${'x'.repeat(1000)}`
  const fetch = () => Promise.reject(new TypeError())
  const auth = createAuth({ ...OPTIONS, metadata, fetch })
  await expect(auth.signIn()).rejects.toMatchObject({
    code: 'network',
    message: `${metadata.slice(0, 512)} could not be reached.`,
    hint: 'The network is down, or the provider does not allow this origin (CORS).',
  })
  auth.close()
})

test.for<[string, () => Promise<Response>]>([
  ['never answers', () => new Promise(() => {})],
  ['never ends its answer', async () => new Response(new ReadableStream())],
])(
  'signIn() keeps the deadline with a fetch of the app that %s and hears no signal',
  async ([, fetch]) => {
    const auth = createAuth({ ...OPTIONS, fetch, timeout: 50 })
    await expect(auth.signIn()).rejects.toMatchObject({
      name: 'AuthError',
      code: 'timeout',
      message: `${METADATA} did not answer in time.`,
      retryable: true,
    })
    auth.close()
  },
)

test('signIn() leaves no rejection behind where the end of too large a body cannot be told', async () => {
  let isTold = false
  const body = () =>
    new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(2 ** 20)),
      cancel() {
        isTold = true
        return Promise.reject(new TypeError('The source is gone.'))
      },
    })
  const auth = createAuth({ ...OPTIONS, fetch: async () => new Response(body()) })
  await expect(auth.signIn()).rejects.toMatchObject({
    code: 'discovery_invalid',
    message: `${METADATA} answered with too large a body.`,
  })
  expect(isTold).toBe(true)
  // Vitest fails a file with an unhandled rejection: there is time for one to be seen.
  await new Promise((resolve) => setImmediate(resolve))
  auth.close()
})
