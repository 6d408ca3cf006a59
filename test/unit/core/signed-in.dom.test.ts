import { type Auth, type AuthOptions, type Capability, createAuth } from 'tessera-auth'
import { watchIdle } from 'tessera-auth/idle'
import { signInWithPassword } from 'tessera-auth/password'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDatabase } from './create-database.ts'

const TOKEN_ENDPOINT = 'https://login.example/token'
const OVERTAKEN = { code: 'signed_out', message: 'The user signed out in the meantime.' }
const INTERRUPTED = {
  code: 'sign_in_interrupted',
  message: 'The sign-in was left before it was complete.',
}

beforeEach(() => {
  vi.spyOn(console, 'warn').mockReturnValue()
  vi.stubGlobal('indexedDB', createDatabase())
  const request = (_: string, __: object, task: () => Promise<unknown>) => task()
  Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true })
})

afterEach(() => {
  Reflect.deleteProperty(navigator, 'locks')
  sessionStorage.clear()
  localStorage.clear()
  history.replaceState(null, '', '/')
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const answer: typeof fetch = async () =>
  Response.json({
    token_type: 'Bearer',
    expires_in: 300,
    access_token: crypto.randomUUID(),
    refresh_token: crypto.randomUUID(),
  })

/** A page of the app, and where it has sent its user. */
function createPage(options: Partial<AuthOptions> = {}) {
  const addresses: string[] = []
  const auth = createAuth({
    metadata: {
      issuer: 'https://login.example/',
      authorization_endpoint: 'https://login.example/authorize',
      token_endpoint: TOKEN_ENDPOINT,
    },
    clientId: 'client',
    redirectUri: '/callback',
    scope: ['read'],
    persistence: 'device',
    capabilities: [{ navigate: (url) => void addresses.push(url) }],
    fetch: answer,
    ...options,
  })
  const signIn = () => signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  return { auth, addresses, signIn }
}

test('who comes back from a step-up by the back button sees in the state why it came to nothing', async () => {
  const before = createPage()
  await before.signIn()
  before.auth.signIn({ sameUser: true }).catch(() => {})
  await expect.poll(() => before.addresses).toHaveLength(1)
  before.auth.close()
  vi.spyOn(performance, 'getEntriesByType').mockReturnValue([{ type: 'back_forward' }] as never)
  const { auth } = createPage()
  expect((await auth.start()).error).toMatchObject(INTERRUPTED)
  expect(auth.state).toMatchObject({ status: 'signed-in', error: INTERRUPTED })
  auth.close()
})

test('who finds the page of a step-up as it was left sees that in the state', async () => {
  const { auth, addresses, signIn } = createPage()
  await signIn()
  const stepUp = auth.signIn({ sameUser: true })
  const refused = expect(stepUp).rejects.toMatchObject(INTERRUPTED)
  await expect.poll(() => addresses).toHaveLength(1)
  window.dispatchEvent(new Event('pagehide'))
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  await refused
  expect(auth.state).toMatchObject({ status: 'signed-in', error: INTERRUPTED })
  auth.close()
})

test('who reloads the page while it leaves keeps a code and a state of the app (R30)', async () => {
  const own = '/app/?code=SALE&state=CA'
  history.replaceState(null, '', own)
  const before = createPage({ redirectUri: '/app/' })
  before.auth.signIn().catch(() => {})
  await expect.poll(() => before.addresses).toHaveLength(1)
  before.auth.close()
  vi.spyOn(performance, 'getEntriesByType').mockReturnValue([{ type: 'reload' }] as never)
  const { auth } = createPage({ redirectUri: '/app/' })
  expect(await auth.start()).toEqual({ returnTo: null, appState: null, error: null })
  expect(location.href).toBe(location.origin + own)
  auth.close()
})

test('a call that does not wait for the start is that of whoever is signed in, or of nobody', async () => {
  const before = createPage()
  await before.signIn()
  before.auth.close()
  const { auth } = createPage()
  expect(await auth.getAccessToken()).toMatch(/^[\w-]{36}$/)
  await auth.signOut({ local: true })
  auth.close()
  const after = createPage()
  await expect(after.auth.getAccessToken()).rejects.toMatchObject({
    code: 'not_authenticated',
    message: 'Nobody is signed in: call auth.signIn().',
  })
  after.auth.close()
})

test('a sign-in that the provider refuses is said with a hint, and is no act of a user who was idle', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const before = createPage()
  watchIdle(before.auth, { timeout: 15 * 60_000 })
  await before.signIn()
  before.auth.signIn().catch(() => {})
  await expect.poll(() => before.addresses).toHaveLength(1)
  before.auth.close()
  const state = new URL(before.addresses[0] ?? '').searchParams.get('state')
  vi.setSystemTime(Date.now() + 60 * 60_000)
  history.replaceState(null, '', `/callback?error=access_denied&state=${state}`)
  const { auth } = createPage({
    provider: { explain: ({ providerError }) => `It is ${providerError}.` },
  })
  watchIdle(auth, { timeout: 15 * 60_000, local: true })
  expect((await auth.start()).error).toMatchObject({
    code: 'authorization_error',
    hint: 'It is access_denied.',
  })
  expect(auth.state).toMatchObject({ status: 'signed-out', reason: 'idle' })
  auth.close()
})

test('a watch that was stopped signs nobody out, whatever still calls its stay()', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const { auth, signIn } = createPage()
  await signIn()
  const idle = watchIdle(auth, { timeout: 15 * 60_000, local: true })
  idle.stop()
  vi.setSystemTime(Date.now() + 60 * 60_000)
  idle.stay()
  expect(auth.state.status).toBe('signed-in')
  auth.close()
})

test('a sign-in that failed asks the provider anew where to go', async () => {
  const asked: string[] = []
  const { auth } = createPage({
    metadata: undefined,
    issuer: 'https://login.example/',
    fetch: async (input) => {
      asked.push(String(input))
      return Response.json({
        issuer: 'https://login.example/',
        authorization_endpoint: 'https://login.example/authorize',
        token_endpoint: TOKEN_ENDPOINT,
      })
    },
  })
  const closed = new Error('The window was closed.')
  const via = (prepared: Promise<unknown>) => prepared.then(() => Promise.reject(closed))
  for (const times of [1, 2]) {
    await expect(auth.signIn({ via })).rejects.toBe(closed)
    expect(asked).toHaveLength(times)
  }
  auth.close()
})

test('requireSession() with a window of its own waits for no renewal', async () => {
  const tokens = { token_type: 'Bearer', expires_in: 0, access_token: 'one', refresh_token: 'two' }
  const answers = [Response.json(tokens)]
  const { auth, signIn } = createPage({
    fetch: async () => answers.shift() ?? new Promise(() => {}),
  })
  await signIn()
  const via = () => Promise.reject(new Error('The window was closed.'))
  expect(await auth.requireSession({ via })).toMatchObject({ status: 'signed-in' })
  auth.close()
})

test('a page that leaves for the provider waits for no renewal but its own', async () => {
  const { auth, addresses, signIn } = createPage()
  await signIn()
  // Of another tab.
  navigator.locks.request = (() => new Promise(() => {})) as never
  auth.signIn().catch(() => {})
  await expect.poll(() => addresses).toHaveLength(1)
  auth.close()
})

test('requireSession() gives the session there is, whatever "via" is', async () => {
  const { auth, signIn } = createPage()
  await signIn()
  const via = (() => undefined) as never
  expect(await auth.requireSession({ via })).toMatchObject({ status: 'signed-in' })
  auth.close()
})

test('authorize() waits for a renewal for as long as its signal lets it', async () => {
  const tokens = { token_type: 'Bearer', expires_in: 0, access_token: 'one', refresh_token: 'two' }
  const answers = [Response.json(tokens)]
  const { auth, signIn } = createPage({
    resources: [{ url: 'https://api.example/' }],
    fetch: async () => answers.shift() ?? new Promise(() => {}),
  })
  await signIn()
  const controller = new AbortController()
  const { signal } = controller
  const called = auth.authorize({ url: 'https://api.example/', signal })
  controller.abort('no more')
  await expect(called).rejects.toBe('no more')
  auth.close()
})

test('a signal that the app keeps has no listener of ours once a token is given', async () => {
  const { auth, signIn } = createPage()
  await signIn()
  const { signal } = new AbortController()
  const { addEventListener: add, removeEventListener: remove } = signal
  const counts = [0]
  const count = (change: number) => counts.push((counts.at(-1) ?? 0) + change)
  signal.addEventListener = (...given: unknown[]) => {
    count(1)
    Reflect.apply(add, signal, given)
  }
  signal.removeEventListener = (...given: unknown[]) => {
    count(-1)
    Reflect.apply(remove, signal, given)
  }
  await auth.getAccessToken({ forceRenewal: true, signal })
  expect(counts).toEqual([0, 1, 0])
  auth.close()
})

test.for(['idle', 'signed-out'])(
  'requireSession() sends nobody to the provider who is signed out while it renews: %s (R125)',
  async (reason) => {
    const tokens = {
      token_type: 'Bearer',
      expires_in: 0,
      access_token: 'one',
      refresh_token: 'two',
    }
    const answers = [Response.json(tokens)]
    let ask = () => {}
    const asked = new Promise<void>((resolve) => {
      ask = resolve
    })
    const { auth, addresses, signIn } = createPage({
      fetch: async () => answers.shift() ?? new Promise(ask),
    })
    await signIn()
    const other = createPage()
    await other.auth.start()
    const required = auth.requireSession({ returnTo: '/' })
    const refused = expect(required).rejects.toMatchObject({
      code: 'signed_out',
      message: 'The user signed out in the meantime.',
    })
    await asked
    if (reason === 'idle') watchIdle(auth, { timeout: 1, local: true })
    else await other.auth.signOut({ local: true })
    await refused
    expect(auth.state).toMatchObject({ status: 'signed-out', reason, error: null })
    expect(addresses).toEqual([])
    auth.close()
    other.auth.close()
  },
)

test('an API that asks for a stronger sign-in has not refused the token', async () => {
  const challenges = [
    'Bearer error="invalid_token"',
    'Bearer error="insufficient_user_authentication", acr_values="high"',
    'Bearer error="invalid_token"',
  ]
  const { auth, signIn } = createPage({
    resources: [{ url: 'https://api.example/' }],
    fetch: async (input, init) => {
      const isForProvider = input === TOKEN_ENDPOINT
      const challenge = isForProvider ? undefined : challenges.shift()
      if (isForProvider) return answer(input, init)
      return challenge
        ? new Response(null, { status: 401, headers: { 'www-authenticate': challenge } })
        : new Response('fine')
    },
  })
  await signIn()
  const call = () => auth.fetch('https://api.example/')
  await expect(call()).rejects.toMatchObject({ code: 'step_up_required' })
  expect((await call()).status).toBe(200)
  auth.close()
})

test.for([
  ['https://api.example/next', { code: 'step_up_required', status: 403 }],
  ['https://api.example.evil.example/next', 403],
] as const)(
  'what %s answers after a redirect is a word of https://api.example, or none',
  async ([url, outcome]) => {
    const headers = { 'www-authenticate': 'Bearer error="insufficient_scope", scope="more"' }
    const { auth, signIn } = createPage({
      resources: [{ url: 'https://api.example/', redirect: 'follow' }],
      fetch: async (input, init) =>
        input === TOKEN_ENDPOINT
          ? answer(input, init)
          : Object.defineProperties(new Response(null, { status: 403, headers }), {
              redirected: { value: true },
              url: { value: url },
            }),
    })
    await signIn()
    const call = auth.fetch('https://api.example/')
    if (outcome === 403) expect(await call).toMatchObject({ status: 403 })
    else await expect(call).rejects.toMatchObject(outcome)
    auth.close()
  },
)

test('signInWithPassword() asks for each scope once (R10)', async () => {
  const bodies: unknown[] = []
  const { auth } = createPage({
    fetch: async (input, init) => {
      bodies.push(init?.body)
      return answer(input, init)
    },
  })
  const user = { username: 'alice', password: 'swordfish' }
  await signInWithPassword(auth, { ...user, scope: ['read', 'read', 'write'] })
  expect(bodies.map((body) => new URLSearchParams(String(body)).get('scope'))).toEqual([
    'read write',
  ])
  auth.close()
})

/**
 * A page whose token endpoint does not answer the renewal under way before it is told to.
 *
 * @param begin what happens before that begins
 */
async function createRenewing(
  more: Partial<AuthOptions> = {},
  begin?: (auth: Auth) => Promise<unknown>,
) {
  let last: Promise<unknown> = Promise.resolve()
  let requests = 0
  const request = (_: string, __: object, task: () => Promise<unknown>) => {
    requests++
    last = last.then(task, task)
    return last
  }
  Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true })
  let puts = 0
  vi.stubGlobal('indexedDB', createDatabase({ put: () => void puts++ }))
  let isFirst = true
  let goOn = () => {}
  const gate = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const { auth, addresses, signIn } = createPage({
    async fetch(...parameters) {
      if (!isFirst) await gate
      isFirst = false
      return answer(...parameters)
    },
    ...more,
  })
  await signIn()
  await begin?.(auth)
  const renewal = auth.getAccessToken({ forceRenewal: true })
  await expect.poll(() => auth.state).toMatchObject({ renewal: 'renewing' })
  const signInAgain = async () => {
    const before = puts
    const signingIn = auth.signIn({ sameUser: true })
    signingIn.catch(() => {})
    // It is stored, and would leave now.
    await expect.poll(() => puts).toBeGreaterThan(before)
    return { signingIn }
  }
  return { auth, addresses, renewal, goOn, signInAgain, countRequests: () => requests }
}

test('the state has each granted scope once, however often the provider says it', async () => {
  const scope = 'openid read  openid '
  const { auth, signIn } = createPage({
    fetch: async () => Response.json({ access_token: 'token', token_type: 'Bearer', scope }),
  })
  await signIn()
  expect(auth.state).toMatchObject({ status: 'signed-in', scope: ['openid', 'read'] })
  auth.close()
})

test('a page that leaves for the provider takes no renewal along that is under way (R69)', async () => {
  const { auth, addresses, renewal, goOn, signInAgain } = await createRenewing()
  await signInAgain()
  expect(addresses).toEqual([])
  goOn()
  await renewal
  await expect.poll(() => addresses).toHaveLength(1)
  auth.close()
})

test('nor one that begins while the sign-in is prepared (R69)', async () => {
  const addresses: string[] = []
  let push = () => {}
  let isPushing = false
  const pushed = new Promise<void>((resolve) => {
    push = resolve
  })
  const capability: Capability = {
    navigate: (url) => void addresses.push(url),
    async push(_, parameters) {
      isPushing = true
      await pushed
      return parameters
    },
  }
  const { auth, renewal, goOn, countRequests } = await createRenewing(
    { capabilities: [capability] },
    async ({ signIn }) => {
      signIn({ sameUser: true }).catch(() => {})
      await expect.poll(() => isPushing).toBe(true)
    },
  )
  const before = countRequests()
  push()
  // It leaves, or waits for the lock.
  await expect.poll(() => countRequests() + addresses.length).toBeGreaterThan(before)
  expect(addresses).toEqual([])
  goOn()
  await renewal
  await expect.poll(() => addresses).toHaveLength(1)
  auth.close()
})

test('a page does not leave for the provider whose user is idle for too long while it waits (R125)', async () => {
  const { auth, addresses, renewal, signInAgain, countRequests } = await createRenewing()
  const refused = expect(renewal).rejects.toMatchObject({ code: 'signed_out' })
  const before = countRequests()
  const { signingIn } = await signInAgain()
  await expect.poll(countRequests).toBeGreaterThan(before)
  watchIdle(auth, { timeout: 1, local: true })
  await refused
  await expect(signingIn).rejects.toMatchObject(OVERTAKEN)
  expect(addresses).toEqual([])
  expect(auth.state).toMatchObject({ status: 'signed-out', reason: 'idle', error: null })
  auth.close()
})

test.for(['idle', 'signed-out'])(
  'a step-up whose window is still at the provider ends as the user is signed out: %s (R125)',
  async (reason) => {
    const { auth, signIn } = createPage()
    await signIn()
    const other = createPage()
    await other.auth.start()
    const stepUp = auth.signIn({
      sameUser: true,
      async via(prepared) {
        const { state } = await prepared
        if (reason === 'idle') watchIdle(auth, { timeout: 1, local: true })
        else await other.auth.signOut({ local: true })
        await expect.poll(() => auth.state.status).toBe('signed-out')
        return new URLSearchParams({ code: 'code', state })
      },
    })
    await expect(stepUp).rejects.toMatchObject(OVERTAKEN)
    expect(auth.state).toMatchObject({ status: 'signed-out', reason, error: null })
    auth.close()
    other.auth.close()
  },
)

test('a sign-out that the database fails ends a sign-in in a window before its code is sent', async () => {
  let isFailing = false
  const transaction = () => {
    if (isFailing) throw new DOMException('It failed.', 'UnknownError')
  }
  vi.stubGlobal('indexedDB', createDatabase({ transaction }))
  const sent: unknown[] = []
  const { auth, signIn } = createPage({
    async fetch(...parameters) {
      sent.push(parameters[0])
      return answer(...parameters)
    },
  })
  await signIn()
  sent.length = 0
  const signingIn = auth.signIn({
    async via(prepared) {
      const { state } = await prepared
      isFailing = true
      await auth.signOut({ local: true })
      isFailing = false
      return new URLSearchParams({ code: 'code', state })
    },
  })
  await expect(signingIn).rejects.toMatchObject(OVERTAKEN)
  expect(sent).toEqual([])
  auth.close()
})

test('a page that leaves for the provider does not wait for an answer that takes long', async () => {
  const { auth, addresses, renewal, signInAgain } = await createRenewing()
  renewal.catch(() => {})
  await signInAgain()
  expect(addresses).toEqual([])
  await expect.poll(() => addresses, { timeout: 10_000 }).toHaveLength(1)
  auth.close()
})
