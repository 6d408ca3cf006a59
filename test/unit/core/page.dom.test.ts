import { createAuth } from 'tessera-auth'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

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
})

test('start() says that the browser keeps nothing where there is no database', async () => {
  const auth = createAuth(OPTIONS)
  const result = await auth.start()
  expect(result).toEqual({ returnTo: null, appState: null, error: null })
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
