import { type Auth, createAuth } from 'tessera-auth'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPage } from '../../../src/platform/page.ts'

const OPTIONS = {
  metadata: {
    issuer: 'https://login.example/',
    authorization_endpoint: 'https://login.example/authorize',
    token_endpoint: 'https://login.example/token',
  },
  clientId: 'client',
  redirectUri: '/callback',
  resources: [{ url: '/api/' }],
  fetch: () => Promise.reject(new TypeError('nothing is to be fetched here')),
} as const

beforeEach(() => {
  history.replaceState(null, '', '/')
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('start() says that the browser keeps nothing where there is no database', async () => {
  const auth = createAuth(OPTIONS)
  const result = await auth.start()
  expect(result).toEqual({ returnTo: null, appState: null, error: null })
  expect(Object.isFrozen(result)).toBe(true)
  expect(auth.state).toMatchObject({
    status: 'signed-out',
    reason: 'no-session',
    error: null,
    warning: { code: 'storage_unavailable' },
  })
  auth.close()
})

test('signIn() fails before the page leaves where a sign-in could not be completed', async () => {
  const auth = createAuth(OPTIONS)
  const before = location.href
  await expect(auth.signIn()).rejects.toMatchObject({
    name: 'AuthError',
    code: 'storage_unavailable',
    message: 'The browser keeps no data for this page.',
    retryable: false,
  })
  expect(location.href).toBe(before)
  expect(auth.state).toMatchObject({
    status: 'signed-out',
    reason: 'sign-in-failed',
    error: { code: 'storage_unavailable' },
    warning: { code: 'storage_unavailable' },
  })
  auth.close()
})

test('signIn() does not leave for a provider that the device is cut off from', async () => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
  const auth = createAuth(OPTIONS)
  const offline = { code: 'network', message: 'The device is offline.', retryable: true }
  await expect(auth.signIn()).rejects.toMatchObject(offline)
  await expect(auth.requireSession()).rejects.toMatchObject(offline)
  // Whoever is back online is not told of it any more.
  expect(auth.state).toMatchObject({ status: 'signed-out', reason: 'no-session', error: null })
  vi.restoreAllMocks()
  await expect(auth.requireSession()).rejects.toMatchObject({ code: 'storage_unavailable' })
  auth.close()
})

test('start() gives the same promise to all, and `ready` follows', async () => {
  const auth = createAuth(OPTIONS)
  expect(auth.start()).toBe(auth.start())
  await auth.ready
  expect(auth.state.status).toBe('signed-out')
  auth.close()
})

test('start() scrubs a callback at once, and says why it is refused', async () => {
  history.replaceState({ own: 1 }, '', '/callback?tab=1&code=c&state=s#part')
  const auth = createAuth(OPTIONS)
  const starting = auth.start()
  expect(location.pathname + location.search + location.hash).toBe('/callback?tab=1#part')
  expect(history.state).toEqual({ own: 1 })
  expect(await starting).toMatchObject({
    error: {
      code: 'callback_state',
      message: 'The callback belongs to no sign-in of this browser.',
      hint: 'It is too old, forged, or was opened in another browser. Sign in again.',
    },
  })
  expect(auth.state).toMatchObject({ status: 'signed-out', reason: 'sign-in-failed' })
  auth.close()
})

test('subscribe() keeps an error of one listener from the others', async () => {
  const reported: unknown[] = []
  vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
  const auth = createAuth(OPTIONS)
  const seen: string[] = []
  auth.subscribe(() => {
    throw new RangeError('a fault of the app')
  })
  auth.subscribe(({ status }) => seen.push(status))
  await auth.start()
  expect(seen).toEqual(['starting', 'signed-out'])
  expect(reported.map(String)).toEqual([
    'RangeError: a fault of the app',
    'RangeError: a fault of the app',
  ])
  auth.close()
})

test('subscribe() tells whoever begins to listen meanwhile once, and whoever has stopped no more', async () => {
  const auth = createAuth(OPTIONS)
  const seen: string[] = []
  let stop = () => {}
  auth.subscribe(({ status }) => {
    if (status !== 'signed-out') return
    stop()
    auth.subscribe(({ status }) => seen.push(`new: ${status}`))
  })
  stop = auth.subscribe(({ status }) => seen.push(`old: ${status}`))
  await auth.start()
  expect(seen).toEqual(['old: starting', 'new: signed-out'])
  auth.close()
})

test('an error of a listener reaches the process where nothing reports errors, as in Node', async () => {
  vi.stubGlobal('reportError', undefined)
  Reflect.deleteProperty(globalThis, 'reportError')
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  const auth = createAuth(OPTIONS)
  const seen: string[] = []
  const stop = auth.subscribe(() => {
    throw new RangeError('a fault of the app')
  })
  stop()
  auth.subscribe(({ status }) => seen.push(status))
  expect(() => vi.runAllTimers()).toThrow(new RangeError('a fault of the app'))
  vi.useRealTimers()
  await auth.start()
  expect(seen).toEqual(['starting', 'signed-out'])
  auth.close()
})

test('createAuth() refuses a page that is not secure', () => {
  vi.stubGlobal('isSecureContext', false)
  expect(() => createAuth(OPTIONS)).toThrow(
    expect.objectContaining({
      code: 'config',
      message: 'createAuth: serve this page by https:, or from localhost.',
    }),
  )
})

test('close() ends the client: its calls say so', async () => {
  const auth = createAuth(OPTIONS)
  await auth.start()
  auth.close()
  const closed = { name: 'AuthError', code: 'closed', message: 'This client was closed.' }
  await expect(auth.start()).rejects.toMatchObject(closed)
  await expect(auth.signIn()).rejects.toMatchObject(closed)
  await expect(auth.getAccessToken()).rejects.toMatchObject(closed)
  await expect(auth.userInfo()).rejects.toMatchObject(closed)
  await expect(auth.requireSession()).rejects.toMatchObject(closed)
})

test('signOut() without a session has nothing to do', async () => {
  const auth = createAuth(OPTIONS)
  expect(await auth.signOut()).toEqual({ redirected: false })
  expect(await auth.signOut(null as never)).toEqual({ redirected: false })
  expect(auth.state).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
  auth.close()
})

test('fetch() takes relative addresses for addresses of the page', async () => {
  const auth = createAuth(OPTIONS)
  await expect(auth.fetch('/api/x')).rejects.toMatchObject({ code: 'not_authenticated' })
  await expect(auth.fetch('/other')).rejects.toMatchObject({
    code: 'origin_not_allowed',
    message: `This URL at ${location.origin} is not under a listed resource; nothing was sent.`,
  })
  auth.close()
})

test('fetch() refuses a stream where the browser takes none for a body, and says so (R109)', async () => {
  // As in Safari: it reads no `duplex`, and sends nothing.
  class WithoutStreams extends Request {
    constructor(input: string, { method = 'GET', body = null }: RequestInit = {}) {
      super(input, body instanceof ReadableStream ? { method } : { method, body })
    }
  }
  vi.stubGlobal('Request', WithoutStreams)
  const auth = createAuth(OPTIONS)
  const body = new ReadableStream()
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit
  await expect(auth.fetch('/api/x', init)).rejects.toMatchObject({
    code: 'config',
    message: 'fetch: this browser cannot stream a request body; send a Blob.',
  })
  auth.close()
})

/** A window that is closed. */
const via = async (prepared: Promise<unknown>) => {
  await prepared
  throw new Error('The window was closed.')
}
const CIRCLES = 'Three sign-ins within a minute went in circles; the next one needs a click.'

test.for([
  ['a sign-out', (auth: Auth) => auth.signOut({ local: true }), 'The window was closed.'],
  ['a click', () => click(), 'The window was closed.'],
  ['a minute', () => moveClock(60_000), 'The window was closed.'],
  ['a clock that is set back', () => moveClock(-60_000), 'The window was closed.'],
  ['a moment', () => moveClock(59_000), CIRCLES],
] as const)('sign-ins that failed count for a minute: after %s', async ([, act, message]) => {
  moveClock(0)
  const auth = createAuth(OPTIONS)
  for (let count = 0; count < 3; count++) {
    await expect(auth.signIn({ via })).rejects.toThrow('The window was closed.')
  }
  await expect(auth.signIn({ via })).rejects.toThrow(CIRCLES)
  await act(auth)
  await expect(auth.signIn({ via })).rejects.toThrow(message)
  auth.close()
})

test('a mistake in the call of a sign-in is said each time, and counts for none', async () => {
  const auth = createAuth(OPTIONS)
  for (let count = 0; count < 4; count++) {
    const signingIn = auth.signIn({ via: (prepared) => prepared as never })
    await expect(signingIn).rejects.toMatchObject({
      code: 'config',
      message: 'signIn: "via" has to be what popup() returns.',
    })
  }
  auth.close()
})

test.for([
  ['nothing', undefined],
  ['null', null],
  ['text', 'cancelled'],
  ['an error of its own', new Error('The window was closed.')],
] as const)('a sign-in ends, too, whose own via rejects with %s (R175)', async ([, reason]) => {
  const auth = createAuth({ ...OPTIONS, persistence: 'memory' })
  const signingIn = auth.signIn({ via: () => Promise.reject(reason) })
  await expect(signingIn.then(String, (error) => [error])).resolves.toEqual([reason])
  expect(auth.state).toMatchObject({
    status: 'signed-out',
    reason: 'sign-in-failed',
    error: {
      name: 'AuthError',
      code: 'sign_in_interrupted',
      message: 'The sign-in was left before it was complete.',
    },
  })
  auth.close()
})

test('a sign-out ends the sign-in of a window that is still at the provider (R125)', async () => {
  const auth = createAuth(OPTIONS)
  await auth.start()
  const signingIn = auth.signIn({
    via: async (prepared) => {
      const { state } = await prepared
      await auth.signOut({ local: true })
      return new URLSearchParams({ code: 'code', state })
    },
  })
  await expect(signingIn).rejects.toMatchObject({
    code: 'signed_out',
    message: 'The user signed out in the meantime.',
  })
  expect(auth.state).toMatchObject({ status: 'signed-out', reason: 'signed-out', error: null })
  auth.close()
})

/** As the browser tells of a click of the user. */
function click(): void {
  const event = new Event('click')
  Object.defineProperty(event, 'isTrusted', { value: true })
  dispatchEvent(event)
}

/** Moves the clock of the device, by milliseconds. Timers go on as they are. */
function moveClock(by: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + by })
}

test('a cookie of a page by https: is not sent by http:', () => {
  const { happyDOM } = globalThis as never as { happyDOM: { setURL: (url: string) => void } }
  const [before, { readCookie, writeCookie }] = [location.href, createPage()]
  for (const [written, read, seen] of [
    ['https://one.example/', 'https://one.example/', 'x'],
    ['https://two.example/', 'http://two.example/', null],
    ['http://three.example/', 'http://three.example/', 'x'],
  ] as const) {
    happyDOM.setURL(written)
    writeCookie('mark', 'x')
    happyDOM.setURL(read)
    expect(readCookie('mark')).toBe(seen)
  }
  happyDOM.setURL(before)
})
