import { type Auth, createAuth } from 'tessera-auth'
import { signInWithPassword } from 'tessera-auth/password'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDatabase } from './create-database.ts'

const TOKENS = { access_token: 'token', token_type: 'Bearer', expires_in: 300 }
const METADATA = {
  issuer: 'https://login.example/',
  authorization_endpoint: 'https://login.example/authorize',
  token_endpoint: 'https://login.example/token',
}
const ALICE = { username: 'alice', password: 'swordfish' }

beforeEach(() => {
  vi.spyOn(console, 'warn').mockReturnValue()
})

afterEach(() => {
  for (const name of ['locks', 'onLine']) Reflect.deleteProperty(navigator, name)
  Reflect.deleteProperty(document, 'prerendering')
  // Of each sign-in that led nowhere, the tab keeps a note.
  sessionStorage.clear()
  history.replaceState(null, '', '/')
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const createClient = (options: object = {}) =>
  createAuth({
    metadata: METADATA,
    clientId: 'client',
    redirectUri: '/callback',
    scope: ['read'],
    fetch: async () => Response.json(TOKENS),
    ...options,
  })

const setOf = (name: 'locks' | 'onLine', value: unknown) =>
  Object.defineProperty(navigator, name, { value, configurable: true })

test('start() finishes where the browser does not say how the page was loaded', async () => {
  vi.stubGlobal('indexedDB', createDatabase())
  const left = new Promise<string>((resolve) => {
    const before = createClient({ capabilities: [{ navigate: resolve }] })
    before.signIn().catch(() => {})
  })
  const state = new URL(await left).searchParams.get('state')
  vi.spyOn(performance, 'getEntriesByType').mockImplementation(() => {
    throw new TypeError('There is no such function.')
  })
  history.replaceState(null, '', `/callback?error=access_denied&state=${state}`)
  const auth = createClient()
  expect(await auth.start()).toMatchObject({
    error: { code: 'authorization_error', providerError: 'access_denied' },
  })
  auth.close()
})

test('a sign-out that neither the database nor the browser takes note of is kept by the page (R118)', async () => {
  let isBroken = false
  const fail = () => {
    throw new DOMException('No.', 'SecurityError')
  }
  vi.stubGlobal('indexedDB', createDatabase({ transaction: () => isBroken && fail() }))
  vi.stubGlobal('localStorage', { getItem: fail, setItem: fail, removeItem: fail })
  setOf('locks', { request: (_: string, __: object, task: () => Promise<unknown>) => task() })
  const auth = createClient({ persistence: 'device' })
  await signInWithPassword(auth, ALICE)
  isBroken = true
  await auth.signOut({ local: true })
  isBroken = false
  document.dispatchEvent(new Event('visibilitychange'))
  await expect(auth.getAccessToken()).rejects.toMatchObject({
    code: 'not_authenticated',
    message: 'Nobody is signed in: call auth.signIn().',
  })
  auth.close()
  const next = createClient({ persistence: 'device' })
  await next.start()
  expect(next.state).toMatchObject({ status: 'signed-out' })
  next.close()
})

const RENEWABLE = { ...TOKENS, refresh_token: 'refresh' }

test('without locks, tokens for two APIs are got one after the other, each by the newest refresh token (R68, R138)', async () => {
  setOf('locks', undefined)
  const sent: (string | null)[] = []
  const auth = createClient({
    resources: ['one', 'two'].map((name) => ({
      url: `/${name}/`,
      resource: `https://${name}.example/`,
    })),
    fetch: async (_: string, { body }: { body: URLSearchParams }) => {
      sent.push(new URLSearchParams(body).get('refresh_token'))
      return Response.json({ ...TOKENS, refresh_token: `refresh ${sent.length}` })
    },
  })
  await signInWithPassword(auth, ALICE)
  await Promise.all(['/one/x', '/two/x'].map((url) => auth.getAccessToken({ url })))
  expect(sent).toEqual([null, 'refresh 1', 'refresh 2'])
  auth.close()
})

test('a browser that refuses locks as it refuses storage is one without locks', async () => {
  setOf('locks', { request: () => Promise.reject(new DOMException('No.', 'SecurityError')) })
  const auth = createClient({ fetch: async () => Response.json(RENEWABLE) })
  await signInWithPassword(auth, ALICE)
  expect(await auth.getAccessToken({ forceRenewal: true })).toBe('token')
  auth.close()
})

test.for(['InvalidStateError', 'NotSupportedError', 'UnknownError'])(
  'where a lock is refused with %s, a sign-in is completed, and no refresh token is used beside others',
  async (name) => {
    setOf('locks', { request: () => Promise.reject(new DOMException('No lock.', name)) })
    let requests = 0
    const answer = async () => {
      requests++
      return Response.json(RENEWABLE)
    }
    const auth = createClient({ fetch: answer })
    await signInWithPassword(auth, ALICE)
    await expect(auth.getAccessToken({ forceRenewal: true })).rejects.toMatchObject({
      code: 'timeout',
      message: 'The browser refuses to lock the session.',
      retryable: true,
    })
    expect(requests).toBe(1)
    expect(await auth.getAccessToken()).toBe('token')
    auth.close()
  },
)

test('what has begun under a lock goes on when another script steals it', async () => {
  const request = async (_: string, __: object, task: () => Promise<unknown>) => {
    void task()
    throw new DOMException('The lock was stolen.', 'AbortError')
  }
  setOf('locks', { request })
  const auth = createClient()
  await signInWithPassword(auth, ALICE)
  expect(await auth.getAccessToken()).toBe('token')
  auth.close()
})

test.for(['encrypt', 'importKey', 'deriveKey'] as const)(
  'signIn() says that nothing can be kept where %s fails',
  async (name) => {
    vi.spyOn(crypto.subtle, name).mockRejectedValue(new DOMException('Failed.', 'OperationError'))
    const auth = createClient()
    const refusal = {
      name: 'AuthError',
      code: 'storage_unavailable',
      message: 'The browser keeps no key for this page.',
    }
    await expect(auth.signIn()).rejects.toMatchObject(refusal)
    expect(auth.state).toMatchObject({ status: 'signed-out', error: refusal })
    vi.restoreAllMocks()
    // What failed once is tried again.
    const url = new Promise((resolve) => {
      auth
        .signIn({ via: async (prepared) => resolve((await prepared).url) as never })
        .catch(() => {})
    })
    expect(await url).toMatch(/^https:\/\/login\.example\/authorize\?/)
    auth.close()
  },
)

test('signIn() takes a browser that does not say whether it is online for one that is', async () => {
  setOf('onLine', undefined)
  const auth = createClient()
  const via = async (prepared: Promise<{ readonly url: string }>) => {
    const { url } = await prepared
    expect(url).toMatch(/^https:\/\/login\.example\/authorize\?/)
    return new Promise<never>(() => {})
  }
  const signingIn = auth.signIn({ via })
  await expect.poll(() => auth.state.status).toBe('signing-in')
  auth.close()
  await expect(signingIn).rejects.toMatchObject({ code: 'closed' })
})

test('signIn() does not wait for a page to be shown where an element is named "prerendering"', async () => {
  vi.stubGlobal('indexedDB', createDatabase())
  const element = document.createElement('img')
  Object.defineProperty(document, 'prerendering', { value: element, configurable: true })
  const left = new Promise<string>((resolve) => {
    const auth = createClient({ capabilities: [{ navigate: resolve }] })
    auth.signIn().catch(() => {})
  })
  expect(await left).toMatch(/^https:\/\/login\.example\/authorize\?/)
})

test.for<[string, string, () => Promise<URLSearchParams>]>([
  [
    'throws',
    'no-session',
    () => {
      throw new RangeError('No window.')
    },
  ],
  ['rejects at once', 'sign-in-failed', () => Promise.reject(new RangeError('No window.'))],
])('a way to the provider that %s leaves nobody signing in', async ([, reason, via]) => {
  const answer = async () => new Response(null, { status: 500 })
  const auth = createClient({ metadata: 'https://login.example/metadata', fetch: answer })
  await auth.start()
  await expect(auth.signIn({ via })).rejects.toThrow(new RangeError('No window.'))
  // Vitest fails a file with an unhandled rejection: there is time for one to be seen.
  await new Promise((resolve) => setTimeout(resolve))
  expect(auth.state).toMatchObject({ status: 'signed-out', reason })
  auth.close()
})

// As zone.js and polyfills do, while an async function goes on to return the browser's own.
test('getAccessToken() gives the token, or says why there is none, where a script has replaced Promise', async () => {
  vi.stubGlobal('Promise', class extends Promise<unknown> {})
  vi.stubGlobal('indexedDB', createDatabase())
  let issued = 0
  const fetch = async () => Response.json({ ...RENEWABLE, access_token: `token-${++issued}` })
  const auth = createClient({ fetch })
  await expect(auth.getAccessToken()).rejects.toMatchObject({
    code: 'not_authenticated',
    message: 'Nobody is signed in: call auth.signIn().',
  })
  await signInWithPassword(auth, ALICE)
  expect(await auth.getAccessToken({ forceRenewal: true })).toBe('token-2')
  expect(await auth.getAccessToken()).toBe('token-2')
  auth.close()
})

test('createAuth() names what a browser lacks', () => {
  const { timeout } = AbortSignal
  Object.assign(AbortSignal, { timeout: undefined })
  try {
    expect(() => createClient()).toThrow(
      expect.objectContaining({
        code: 'config',
        message: 'createAuth: this browser has no crypto.subtle or AbortSignal.timeout.',
      }),
    )
  } finally {
    Object.assign(AbortSignal, { timeout })
  }
})

test('an error repeats no credentials of a password sign-in, in whichever form', async () => {
  const basic = btoa('client:swordfish-secret')
  const answer = { error: 'invalid_client', error_description: `got Basic ${basic}` }
  const auth = createClient({ fetch: async () => Response.json(answer, { status: 401 }) })
  await expect(
    signInWithPassword(auth, { ...ALICE, clientSecret: 'swordfish-secret' }),
  ).rejects.toMatchObject({
    code: 'token_request_refused',
    providerErrorDescription: 'got Basic ...',
  })
  auth.close()
})

test.for([
  [undefined, 'svc%40acme.example:P%C3%A4+%2B%25%3A'],
  [{ plainBasic: true }, 'svc@acme.example:Pä +%:'],
] as const)('Basic authentication with %j has the credentials as %s', async ([provider, sent]) => {
  const seen: unknown[] = []
  const auth = createClient({
    clientId: 'svc@acme.example',
    ...(provider && { provider }),
    async fetch(_: unknown, init?: RequestInit) {
      seen.push(new Headers(init?.headers).get('authorization'))
      return Response.json({ access_token: 'token', token_type: 'Bearer' })
    },
  })
  await signInWithPassword(auth, { ...ALICE, clientSecret: 'Pä +%:' })
  expect(seen).toEqual([`Basic ${Buffer.from(sent).toString('base64')}`])
  auth.close()
})

test('an error repeats no password that was sent as JSON, and comes back so', async () => {
  const fetch = async (_: unknown, init?: RequestInit) =>
    Response.json({ error: 'invalid_grant', error_description: `${init?.body}` }, { status: 400 })
  const password = 'sword"fish\\'
  const auth = createClient({ fetch })
  await expect(
    signInWithPassword(auth, { ...ALICE, password, dialect: 'json' }),
  ).rejects.toMatchObject({
    code: 'token_request_refused',
    providerErrorDescription:
      '{"grant_type":"password","password":"...","scope":"read","client_id":"client","user_name":"alice"}',
  })
  auth.close()
})

test('a client that is closed while it prepares a sign-in sends nobody away (R183)', async () => {
  vi.stubGlobal('indexedDB', createDatabase())
  const left: string[] = []
  const [closed, next] = ['closed', 'next'].map((name) =>
    createClient({ capabilities: [{ navigate: () => left.push(name) }] }),
  ) as [Auth, Auth]
  closed.subscribe(({ status }) => status === 'signing-in' && closed.close())
  await expect(closed.signIn()).rejects.toMatchObject({ code: 'closed' })
  // It is prepared after the other one.
  next.signIn().catch(() => {})
  await expect.poll(() => left).toContain('next')
  expect(left).toEqual(['next'])
  next.close()
})

test.for([1, 2, 3, 4])(
  'a sign-in is completed and kept where the database fails it in passing (%i)',
  async (count) => {
    let left = Infinity
    const transaction = () => {
      if (--left === 0) throw new DOMException('The connection was lost.', 'InvalidStateError')
    }
    vi.stubGlobal('indexedDB', createDatabase({ transaction }))
    setOf('locks', { request: (_: string, __: object, task: () => unknown) => task() })
    const url = new Promise<string>((resolve) => {
      const before = createClient({ capabilities: [{ navigate: resolve }] })
      before.signIn().catch(() => {})
    })
    const state = new URL(await url).searchParams.get('state')
    history.replaceState(null, '', `/callback?code=code&state=${state}`)
    const auth = createClient()
    left = count
    expect(await auth.start()).toMatchObject({ error: null })
    expect(auth.state).toMatchObject({ status: 'signed-in', warning: null })
    expect(left).toBeLessThanOrEqual(0)
    auth.close()
    const next = createClient()
    await next.start()
    expect(await next.getAccessToken()).toBe('token')
    next.close()
  },
)
