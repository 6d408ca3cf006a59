import {
  type Auth,
  AuthError,
  type AuthOptions,
  type Capability,
  createAuth,
  type SignedInState,
} from 'tessera-auth'
import { signInWithPassword } from 'tessera-auth/password'
import { silentFrame } from 'tessera-auth/silent'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  Reflect.deleteProperty(navigator, 'locks')
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test.for([
  [undefined, 10_000],
  [1_000, 1_000],
  [60_000, 10_000],
] as const)(
  'silentFrame() told to wait %j ms waits %i, and leaves nothing behind (R172)',
  async ([timeout, waits]) => {
    const close = vi.spyOn(BroadcastChannel.prototype, 'close')
    const prepared = Promise.resolve({ url: 'about:blank', state: 'state' })
    const outcome = silentFrame({ timeout })
      .silent?.(prepared)
      .catch((error) => error)
    await vi.advanceTimersByTimeAsync(waits - 1)
    const [frame] = document.querySelectorAll('iframe')
    expect(frame).toMatchObject({ hidden: true, title: 'Sign-in' })
    // An app may replace its body.
    expect(frame?.parentNode).toBe(document.documentElement)
    expect(frame?.getAttribute('sandbox')).toBe('allow-scripts allow-same-origin allow-forms')
    expect(await Promise.race([outcome, 'waits'])).toBe('waits')
    await vi.advanceTimersByTimeAsync(1)
    expect(await outcome).toMatchObject({
      code: 'timeout',
      message: 'The hidden frame did not come back in time.',
      retryable: true,
    })
    expect(document.querySelectorAll('iframe')).toHaveLength(0)
    expect(close).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
  },
)

test.for([
  ['a page that is no frame, whatever its name', true, 'tessera-auth silent', 'waits'],
  ['a frame of another name', false, 'app', 'waits'],
  [
    'the hidden frame',
    false,
    'tessera-auth silent',
    { code: 'interaction_required', message: 'A hidden frame opens no other.' },
  ],
] as const)('silentFrame() in %s (R172)', async ([, isTop, name, outcome]) => {
  vi.stubGlobal('top', isTop ? window : {})
  vi.stubGlobal('name', name)
  const controller = new AbortController()
  const prepared = Promise.resolve({ url: 'about:blank', state: 'state' })
  const asked = silentFrame()
    .silent?.(prepared, controller.signal)
    .catch((error) => error)
  await vi.advanceTimersByTimeAsync(1)
  if (outcome === 'waits') expect(await Promise.race([asked, 'waits'])).toBe('waits')
  else expect(await asked).toMatchObject(outcome)
  expect(document.querySelectorAll('iframe')).toHaveLength(outcome === 'waits' ? 1 : 0)
  controller.abort()
  await asked
})

test.for(['before', 'after'])(
  'silentFrame() ends with what it is for, which ended %s it began, and leaves no timer',
  async (when) => {
    const controller = new AbortController()
    const reason = new AuthError('closed', 'This client was closed.')
    if (when === 'before') controller.abort(reason)
    const prepared = Promise.resolve({ url: 'about:blank', state: 'state' })
    const asked = silentFrame()
      .silent?.(prepared, controller.signal)
      .catch((error) => error)
    await vi.advanceTimersByTimeAsync(1)
    controller.abort(reason)
    expect(await asked).toBe(reason)
    expect(document.querySelectorAll('iframe')).toHaveLength(0)
    expect(vi.getTimerCount()).toBe(0)
  },
)

/** The names of the locks that are held. */
function watchLocks(): ReadonlySet<string> {
  const held = new Set<string>()
  const request = async (name: string, ...given: unknown[]) => {
    const task = given.at(-1) as () => Promise<unknown>
    held.add(name)
    return task().finally(() => held.delete(name))
  }
  Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true })
  return held
}

const TOKENS = { access_token: 'token', token_type: 'Bearer' }

/** A client whose user has signed in for so many seconds, without a refresh token. */
async function createSignedIn(
  expires_in: number,
  capability: Capability,
  more: Partial<AuthOptions> = {},
) {
  vi.spyOn(console, 'warn').mockReturnValue()
  const auth = createAuth({
    metadata: {
      issuer: 'https://login.example/',
      authorization_endpoint: 'https://login.example/authorize',
      token_endpoint: 'https://login.example/token',
    },
    clientId: 'client',
    redirectUri: '/callback',
    scope: ['read'],
    persistence: 'memory',
    capabilities: [capability],
    fetch: async () => Response.json({ ...TOKENS, expires_in }),
    ...more,
  })
  await signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  return auth
}

/**
 * Lets time pass until something holds, ten seconds at once. A renewal under way, whose digests take
 * none of that time, comes to its end first.
 */
const passUntil = (auth: Auth, holds: () => void) =>
  vi.waitFor(
    async () => {
      const { renewal } = auth.state as SignedInState
      if (renewal !== 'renewing') await vi.advanceTimersByTimeAsync(10_000)
      holds()
    },
    { timeout: 10_000, interval: 10 },
  )

test('a frame that the network fails has requireSession() send nobody to the provider', async () => {
  const left: string[] = []
  const auth = await createSignedIn(0, {
    async silent(prepared) {
      await prepared
      throw new AuthError('network', 'The provider could not be reached.', { retryable: true })
    },
    navigate: (url) => void left.push(url),
  })
  await expect(auth.getAccessToken()).rejects.toMatchObject({ code: 'network', retryable: true })
  // In the pause.
  expect(await auth.requireSession()).toMatchObject({ renewal: 'retrying' })
  expect(left).toEqual([])
  auth.close()
})

test('once the provider has said that it wants to see the user, no frame is opened unasked', async () => {
  let opened = 0
  const auth = await createSignedIn(300, {
    async silent(prepared) {
      opened++
      const { state } = await prepared
      return new URLSearchParams({ error: 'login_required', state })
    },
  })
  const expired = { renewal: 'expired', error: { code: 'interaction_required' } }
  await passUntil(auth, () => expect(auth.state).toMatchObject(expired))
  const before = opened
  expect(before).toBeGreaterThan(0)
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(opened).toBe(before)
  expect(auth.state).toMatchObject(expired)
  auth.close()
})

test('where a frame finds that only the user can renew, the state says so before the end, and goes on to', async () => {
  const frame: Capability['silent'] = async (prepared) => {
    const { state } = await prepared
    return new URLSearchParams({ error: 'login_required', state })
  }
  const auth = await createSignedIn(300, { silent: frame })
  const seen: (string | undefined)[] = []
  auth.subscribe((state) => {
    const { renewal } = state as SignedInState
    if (renewal !== seen.at(-1)) seen.push(renewal)
  })
  await passUntil(auth, () => expect(seen).toContain('expired'))
  expect(seen).toEqual(['idle', 'renewing', 'idle', 'expiring', 'expired'])
  auth.close()
})

test('a frame that is refused long before the end leaves the state as it was', async () => {
  const auth = await createSignedIn(3_600, {
    async silent(prepared) {
      const { state } = await prepared
      return new URLSearchParams({ error: 'login_required', state })
    },
  })
  await expect(auth.getAccessToken({ forceRenewal: true })).rejects.toMatchObject({
    code: 'interaction_required',
  })
  window.dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(30_000)
  expect(auth.state).toMatchObject({ renewal: 'idle', error: { code: 'interaction_required' } })
  auth.close()
})

test('a client that is closed leaves no frame behind, and others need not wait for it', async () => {
  const held = watchLocks()
  const auth = await createSignedIn(300, silentFrame())
  const asked = auth.getAccessToken({ forceRenewal: true })
  const refused = expect(asked).rejects.toMatchObject({
    code: 'closed',
    message: 'This client was closed.',
  })
  await vi.waitFor(() => expect(document.querySelectorAll('iframe')).toHaveLength(1))
  expect(held.size).toBe(3)
  auth.close()
  await refused
  await vi.advanceTimersByTimeAsync(0)
  expect(document.querySelectorAll('iframe')).toHaveLength(0)
  expect(held.size).toBe(0)
})

test('two apps that have the same session at a provider ask it one after the other (R173)', async () => {
  const last = new Map<string, Promise<unknown>>()
  const request = (name: string, ...given: unknown[]) => {
    const task = given.at(-1) as () => Promise<unknown>
    const run = (last.get(name) ?? Promise.resolve()).then(task)
    const over = run.catch(() => {})
    last.set(name, over)
    return run
  }
  Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true })
  let [asked, most] = [0, 0]
  const root = document.documentElement
  const append = root.append.bind(root)
  vi.spyOn(root, 'append').mockImplementation((...nodes) => {
    append(...nodes)
    asked++
    most = Math.max(most, document.querySelectorAll('iframe').length)
  })
  const frame = silentFrame({ timeout: 2_000 })
  const apps = [
    await createSignedIn(300, frame, { clientId: 'one' }),
    await createSignedIn(300, frame, { clientId: 'other' }),
  ]
  const outcome = (at: 0 | 1) =>
    expect(apps[at]?.getAccessToken({ forceRenewal: true })).rejects.toMatchObject({
      code: 'closed',
    })
  const first = outcome(0)
  await vi.waitFor(() => expect(asked).toBe(1))
  const second = outcome(1)
  // By then the other has asked, or waits for its turn.
  await vi.advanceTimersByTimeAsync(1_000)
  expect(most).toBe(1)
  apps[0]?.close()
  await vi.waitFor(() => expect(asked).toBe(2))
  apps[1]?.close()
  await Promise.all([first, second])
  expect(most).toBe(1)
})

test('no frame is opened after a sign-out that came while it waited for its turn (R78)', async () => {
  let free = () => {}
  const freed = new Promise<void>((resolve) => {
    free = resolve
  })
  const waiting: string[] = []
  const request = async (name: string, ...given: unknown[]) => {
    if (name.startsWith('tessera-auth silent')) {
      waiting.push(name)
      await freed
    }
    return (given.at(-1) as () => Promise<unknown>)()
  }
  Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true })
  const silent = vi.fn()
  const auth = await createSignedIn(300, { silent })
  const asked = expect(auth.getAccessToken({ forceRenewal: true })).rejects.toMatchObject({
    code: 'signed_out',
  })
  await vi.waitFor(() => expect(waiting).toEqual(['tessera-auth silent https://login.example']))
  await auth.signOut({ local: true })
  // Whoever has the turn may keep it for long, and somebody else may have signed in by then.
  await asked
  await signInWithPassword(auth, { username: 'bob', password: 'swordfish' })
  free()
  await vi.advanceTimersByTimeAsync(1)
  expect(silent).not.toHaveBeenCalled()
  auth.close()
})

test.for([
  [
    'whose token endpoint is too slow',
    'code',
    'timeout',
    'https://login.example/token did not answer in time.',
  ],
  [
    'that is overloaded',
    'error',
    'authorization_error',
    'The provider refused the sign-in: temporarily_unavailable.',
  ],
] as const)(
  'a provider %s does not want to see the user: the renewal is tried again',
  async ([, name, code, message]) => {
    vi.useRealTimers()
    let opened = 0
    const silent: Capability['silent'] = async (prepared) => {
      const { state } = await prepared
      opened++
      return new URLSearchParams({ state, [name]: 'temporarily_unavailable' })
    }
    const answer = () =>
      opened
        ? new Promise<never>(() => {})
        : Promise.resolve(Response.json({ ...TOKENS, expires_in: 0 }))
    const auth = await createSignedIn(0, { silent }, { timeout: 100, fetch: answer })
    await expect(auth.getAccessToken()).rejects.toMatchObject({ code, message, retryable: true })
    expect(auth.state).toMatchObject({ renewal: 'retrying', error: { code } })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
    await auth.getAccessToken().catch(() => {})
    expect(opened).toBe(2)
    auth.close()
  },
)

test('a provider that refuses what a frame asks for wants to see the user', async () => {
  vi.useRealTimers()
  const silent: Capability['silent'] = async (prepared) => {
    const { state } = await prepared
    return new URLSearchParams({ state, error: 'access_denied' })
  }
  const auth = await createSignedIn(0, { silent })
  await expect(auth.getAccessToken()).rejects.toMatchObject({
    code: 'session_expired',
    message: 'Only the user can get this access token: call auth.signIn().',
  })
  expect(auth.state).toMatchObject({
    renewal: 'expired',
    error: { code: 'authorization_error', providerError: 'access_denied' },
  })
  auth.close()
})

test('a sign-out takes the hidden frame away, and a sign-in after it waits for nothing (R78)', async () => {
  const held = watchLocks()
  const auth = await createSignedIn(300, silentFrame())
  const asked = auth.getAccessToken({ forceRenewal: true })
  const refused = expect(asked).rejects.toMatchObject({
    code: 'signed_out',
    message: 'The user signed out in the meantime.',
  })
  await vi.waitFor(() => expect(document.querySelectorAll('iframe')).toHaveLength(1))
  const signedOut = auth.signOut({ local: true })
  await refused
  expect(document.querySelectorAll('iframe')).toHaveLength(0)
  await vi.waitFor(() => expect(held.size).toBe(0))
  await signedOut
  auth.close()
})
