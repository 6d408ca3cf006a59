import { createAuth } from 'tessera-auth'
import { signInWithPassword } from 'tessera-auth/password'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDatabase } from './create-database.ts'

const TOKENS = { access_token: 'token', token_type: 'Bearer', expires_in: 300 }

beforeEach(() => {
  vi.spyOn(console, 'warn').mockReturnValue()
  const request = (_: string, __: object, task: () => Promise<unknown>) => task()
  Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true })
})

afterEach(() => {
  Reflect.deleteProperty(navigator, 'locks')
  localStorage.clear()
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const createClient = (options: object = {}) =>
  createAuth({
    metadata: {
      issuer: 'https://login.example/',
      authorization_endpoint: 'https://login.example/authorize',
      token_endpoint: 'https://login.example/token',
    },
    clientId: 'client',
    redirectUri: '/callback',
    scope: ['read'],
    persistence: 'device',
    fetch: async () => Response.json(TOKENS),
    ...options,
  })

/** A database whose openings are held up, and answered when a test says so. */
function createSlowDatabase() {
  const database = createDatabase()
  const held: (() => void)[] = []
  let isSlow = false
  const open = () => {
    const opening = database.open()
    if (!isSlow) return opening
    const late = { ...opening, onsuccess() {} }
    opening.onsuccess = () => held.push(() => late.onsuccess())
    return late
  }
  const setSlow = (slow: boolean) => {
    isSlow = slow
  }
  return { open, held, setSlow }
}

test('what a slow database was given up for is not done half in it', async () => {
  const { open, held, setSlow } = createSlowDatabase()
  vi.stubGlobal('indexedDB', { open })
  // A sign-out of before left its count there.
  const before = createClient()
  await before.signOut({ local: true })
  before.close()
  setSlow(true)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const auth = createClient()
  const starting = auth.start()
  await vi.advanceTimersByTimeAsync(3_000)
  await starting
  expect(auth.state).toMatchObject({
    status: 'signed-out',
    warning: { code: 'storage_unavailable', retryable: true },
  })
  // The page looks once more, and is given up again, a second before the sign-in would be.
  document.dispatchEvent(new Event('visibilitychange'))
  await vi.advanceTimersByTimeAsync(1_000)
  const signingIn = signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  await vi.advanceTimersByTimeAsync(2_500)
  for (const answer of held) answer()
  await vi.advanceTimersByTimeAsync(3_000)
  await signingIn
  expect(auth.state).toMatchObject({
    status: 'signed-in',
    warning: { code: 'storage_unavailable', retryable: true },
  })
  expect(await auth.getAccessToken()).toBe('token')
  auth.close()
})

test('a sign-out of a page whose database was too slow is not undone when it answers (R125)', async () => {
  const { open, setSlow } = createSlowDatabase()
  vi.stubGlobal('indexedDB', { open })
  const before = createClient()
  await signInWithPassword(before, { username: 'alice', password: 'swordfish' })
  before.close()
  for (const signsOut of [false, true]) {
    setSlow(true)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const auth = createClient()
    const starting = auth.start()
    await vi.advanceTimersByTimeAsync(3_000)
    await starting
    vi.useRealTimers()
    if (signsOut) await auth.signOut({ local: true })
    setSlow(false)
    document.dispatchEvent(new Event('visibilitychange'))
    const outcome = await auth.getAccessToken().catch(({ code }) => code)
    expect(outcome).toBe(signsOut ? 'not_authenticated' : 'token')
    auth.close()
  }
})

const showAgain = () => {
  for (const name of ['pagehide', 'pageshow']) {
    window.dispatchEvent(Object.assign(new Event(name), { persisted: true }))
  }
}
/** A request with keepalive: in happy-dom, no other is one. */
class Lasting extends Request {
  override readonly keepalive = true
}
const NOT_AT_HAND = {
  code: 'session_expired',
  message: 'No valid access token is at hand, and a keepalive request does not wait for one.',
}

test.for([
  ['the token at hand', 300, () => document.dispatchEvent(new Event('visibilitychange')), 200],
  ['no token that has run out', 0, () => document.dispatchEvent(new Event('resume')), NOT_AT_HAND],
  ['no token of a page that shows nobody yet', 300, showAgain, NOT_AT_HAND],
] as const)(
  'while the store is being read again, a keepalive request sends %s',
  async ([, expires_in, look, expected]) => {
    const { open, held, setSlow } = createSlowDatabase()
    vi.stubGlobal('indexedDB', { open })
    vi.stubGlobal('Request', Lasting)
    const sent: (string | null)[] = []
    const answer = async (input: string | Request) => {
      if (typeof input === 'string') return Response.json({ ...TOKENS, expires_in })
      sent.push(input.headers.get('authorization'))
      return new Response()
    }
    const auth = createClient({ fetch: answer, resources: [{ url: '/api/' }] })
    await signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
    setSlow(true)
    look()
    await vi.waitFor(() => expect(held).not.toHaveLength(0))
    const before = held.length
    const saved = auth.fetch('/api/drafts', { method: 'POST', body: 'draft', keepalive: true })
    if (expected === 200) expect(await saved).toMatchObject({ status: 200 })
    else await expect(saved).rejects.toMatchObject(expected)
    // The store was not waited for.
    expect(held).toHaveLength(before)
    expect(sent).toEqual(expected === 200 ? ['Bearer token'] : [])
    auth.close()
  },
)

test('a sign-in that failed because the database was too slow works when it is made again', async () => {
  const { open, setSlow } = createSlowDatabase()
  vi.stubGlobal('indexedDB', { open })
  setSlow(true)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const addresses: string[] = []
  const auth = createClient({ capabilities: [{ navigate: (url: string) => addresses.push(url) }] })
  const starting = auth.start()
  await vi.advanceTimersByTimeAsync(7_000)
  await starting
  const failed = auth.signIn()
  const refused = expect(failed).rejects.toMatchObject({
    code: 'storage_unavailable',
    retryable: true,
  })
  await vi.advanceTimersByTimeAsync(7_000)
  await refused
  setSlow(false)
  vi.useRealTimers()
  auth.signIn().catch(() => {})
  await expect.poll(() => addresses).toHaveLength(1)
  auth.close()
})

test('a page that goes away while it waits for its database ends no sign-in that came after its sign-out (R125)', async () => {
  const { open, held, setSlow } = createSlowDatabase()
  vi.stubGlobal('indexedDB', { open })
  setSlow(true)
  const slow = createClient()
  const ending = slow.signOut({ local: true }).catch(() => {})
  await vi.waitFor(() => expect(held).not.toHaveLength(0))
  setSlow(false)
  const other = createClient()
  await signInWithPassword(other, { username: 'alice', password: 'swordfish' })
  window.dispatchEvent(new Event('pagehide'))
  slow.close()
  other.close()
  const next = createClient()
  await next.start()
  expect(next.state).toMatchObject({ status: 'signed-in' })
  next.close()
  for (const answer of held) answer()
  await ending
})

test('a page that goes away after its sign-out leaves no note of it', async () => {
  vi.stubGlobal('indexedDB', createDatabase())
  const auth = createClient()
  await auth.signOut({ local: true })
  window.dispatchEvent(new Event('pagehide'))
  expect(localStorage).toHaveLength(0)
  auth.close()
})

test('a page that goes away before its sign-out could begin tells the other tabs', async () => {
  const { open, held, setSlow } = createSlowDatabase()
  vi.stubGlobal('indexedDB', { open })
  setSlow(true)
  const heard: unknown[] = []
  const other = new BroadcastChannel(
    `tessera-auth ${JSON.stringify(['https://login.example/', 'client'])}`,
  )
  other.onmessage = ({ data }) => heard.push(data)
  const auth = createClient()
  const ending = auth.signOut({ local: true })
  await vi.waitFor(() => expect(held).not.toHaveLength(0))
  expect(heard).toEqual([])
  window.dispatchEvent(new Event('pagehide'))
  await vi.waitFor(() => expect(heard).toHaveLength(1))
  other.close()
  for (const answer of held) answer()
  setSlow(false)
  await ending
  auth.close()
})

test('a sign-out while the page starts keeps no token of the next session back', async () => {
  vi.stubGlobal('indexedDB', createDatabase())
  vi.stubGlobal('Request', Lasting)
  const auth = createClient({
    fetch: async (input: unknown) =>
      typeof input === 'string' ? Response.json(TOKENS) : new Response(),
    resources: [{ url: '/api/' }],
  })
  await auth.signOut({ local: true })
  await signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  const saved = await auth.fetch('/api/drafts', { method: 'POST', body: 'draft', keepalive: true })
  expect(saved.status).toBe(200)
  auth.close()
})

test('a client that is closed before its sign-out could begin notes none when the page goes away (R183)', async () => {
  const { open, held, setSlow } = createSlowDatabase()
  vi.stubGlobal('indexedDB', { open })
  setSlow(true)
  const auth = createClient()
  const ending = auth.signOut({ local: true })
  await vi.waitFor(() => expect(held).not.toHaveLength(0))
  auth.close()
  window.dispatchEvent(new Event('pagehide'))
  expect(localStorage).toHaveLength(0)
  for (const answer of held) answer()
  await expect(ending).rejects.toMatchObject({
    code: 'closed',
    message: 'This client was closed.',
  })
})
