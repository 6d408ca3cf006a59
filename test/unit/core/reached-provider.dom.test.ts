import { AuthError, type AuthOptions, type Capability, createAuth } from 'tessera-auth'
import { signInWithPassword } from 'tessera-auth/password'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDatabase } from './create-database.ts'
import { ISSUER, keys, METADATA, sign } from './open-tab.ts'

const API = 'https://api.example/'
const KEYS = `${ISSUER}keys`
const TOKEN = METADATA.token_endpoint
const PROVIDER = { ...METADATA, jwks_uri: KEYS }
/** A network that has lost the request. */
const SILENCE = () => new Promise<Response>(() => {})
const answerKeys = async () => Response.json({ keys })

beforeEach(() => {
  vi.spyOn(console, 'warn').mockReturnValue()
  vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true })
})
afterEach(() => {
  Reflect.deleteProperty(navigator, 'locks')
  vi.unstubAllGlobals()
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** An app whose user is signed in, and the requests to the provider that it makes from then on. */
async function openApp(more: Partial<AuthOptions> = {}) {
  const { scope = ['openid'], capabilities } = more
  const asked: string[] = []
  const answers: Record<string, () => Promise<Response>> = { [API]: SILENCE }
  const auth = createAuth({
    metadata: PROVIDER,
    clientId: 'client',
    redirectUri: '/callback',
    scope,
    resources: [{ url: API }],
    persistence: 'memory',
    ...more,
    async fetch(input) {
      const url = input instanceof Request ? input.url : String(input)
      if (url !== API) asked.push(url)
      if (url !== TOKEN) return (answers[url] ?? answerKeys)()
      return Response.json({
        token_type: 'Bearer',
        expires_in: 300,
        access_token: crypto.randomUUID(),
        ...(!capabilities && { refresh_token: crypto.randomUUID() }),
        ...(scope.includes('openid') && { id_token: await sign('alice') }),
      })
    },
  })
  await signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  asked.length = 0
  return {
    auth,
    asked,
    answers,
    renew: () => auth.getAccessToken({ forceRenewal: true }),
    /** Whoever asks for the keys gets them once the function that this returns is called. */
    holdKeys() {
      let answer = (_: Response) => {}
      answers[KEYS] = () =>
        new Promise((resolve) => {
          answer = resolve
        })
      return () => answer(Response.json({ keys }))
    },
    /** Lets a pause between two renewals pass. */
    pause: () => void vi.setSystemTime(Date.now() + 20_000),
    /** The app calls its API, and has waited for the answer for some time now. */
    waitForApi(milliseconds = 500) {
      void auth.fetch(API)
      vi.setSystemTime(Date.now() + milliseconds)
    },
  }
}

test('in a tunnel the refresh token is sent once something else is answered: what a network swallows may arrive later (R79)', async () => {
  const { auth, asked, answers, renew, pause, waitForApi } = await openApp({ timeout: 1_000 })
  waitForApi()
  answers[KEYS] = SILENCE
  await expect(renew()).rejects.toMatchObject({
    code: 'timeout',
    message: `${KEYS} did not answer in time.`,
    retryable: true,
  })
  expect(asked).toEqual([KEYS])
  expect(auth.state).toMatchObject({ status: 'signed-in', renewal: 'retrying' })
  answers[KEYS] = () => Promise.reject(new TypeError())
  pause()
  await expect(renew()).rejects.toMatchObject({ code: 'network', retryable: true })
  expect(asked).toEqual([KEYS, KEYS])
  answers[KEYS] = answerKeys
  pause()
  expect(await renew()).toMatch(/^[\w-]{36}$/)
  expect(asked).toEqual([KEYS, KEYS, KEYS, TOKEN])
  expect(auth.state).toMatchObject({ status: 'signed-in', renewal: 'idle', error: null })
  auth.close()
})

test('what one tab has found out in a tunnel counts in the others, which have made no call (R79)', async () => {
  vi.stubGlobal('indexedDB', createDatabase())
  let last: Promise<unknown> = Promise.resolve()
  const request = (_: string, __: object, task: () => Promise<unknown>) => {
    last = last.then(task, task)
    return last
  }
  Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true })
  const { auth, asked, answers, renew, pause, waitForApi } = await openApp({
    persistence: 'device',
    timeout: 1_000,
  })
  answers[KEYS] = SILENCE
  const sent: string[] = []
  const other = createAuth({
    metadata: PROVIDER,
    clientId: 'client',
    redirectUri: '/callback',
    persistence: 'device',
    timeout: 1_000,
    async fetch(input) {
      sent.push(String(input))
      return SILENCE()
    },
  })
  await other.start()
  expect(other.state.status).toBe('signed-in')
  waitForApi()
  await expect(renew()).rejects.toMatchObject({ code: 'timeout' })
  pause()
  await expect(other.getAccessToken({ forceRenewal: true })).rejects.toMatchObject({
    code: 'timeout',
    message: `${KEYS} did not answer in time.`,
  })
  expect(sent).toEqual([KEYS])
  answers[KEYS] = answerKeys
  pause()
  expect(await renew()).toMatch(/^[\w-]{36}$/)
  // Once it is renewed, nobody is in doubt any more.
  asked.length = 0
  pause()
  await renew()
  expect(asked).toEqual([TOKEN])
  auth.close()
  other.close()
})

test('whatever is answered since ends the doubt, also where nobody can read the keys any more', async () => {
  const { auth, asked, answers, renew, pause, waitForApi } = await openApp()
  answers[KEYS] = () => Promise.reject(new TypeError())
  waitForApi()
  await expect(renew()).rejects.toMatchObject({ code: 'network' })
  answers[API] = async () => new Response()
  await auth.fetch(API)
  pause()
  await renew()
  expect(asked).toEqual([KEYS, TOKEN])
  auth.close()
})

test('while the network answers, a renewal is one request', async () => {
  const { auth, asked, answers, renew, waitForApi } = await openApp()
  waitForApi(100)
  await renew()
  expect(asked).toEqual([TOKEN])
  // The provider has answered since.
  vi.setSystemTime(Date.now() + 20_000)
  await renew()
  answers[API] = async () => new Response(null, { status: 503 })
  await auth.fetch(API)
  vi.setSystemTime(Date.now() + 20_000)
  await renew()
  expect(asked).toEqual([TOKEN, TOKEN, TOKEN])
  auth.close()
})

test('calls that follow one another do not hide that none of them is answered', async () => {
  const { auth, asked, renew, waitForApi } = await openApp()
  waitForApi(250)
  waitForApi(100)
  await renew()
  expect(asked).toEqual([KEYS, TOKEN])
  auth.close()
})

test('a call that failed, and none since, leaves the network in doubt', async () => {
  const { auth, asked, answers, renew } = await openApp()
  answers[API] = () => Promise.reject(new TypeError('Failed to fetch'))
  await expect(auth.fetch(API)).rejects.toThrow(new TypeError('Failed to fetch'))
  vi.setSystemTime(Date.now() + 1_500)
  await renew()
  expect(asked).toEqual([KEYS, TOKEN])
  auth.close()
})

test.for<[string, () => Response]>([
  ['an error', () => new Response(null, { status: 503 })],
  ['no JSON', () => new Response('<h1>keys</h1>')],
  ['too large a body', () => new Response('x'.repeat(2 ** 19 + 1))],
])('%s is an answer as well: the refresh token is sent', async ([, answer]) => {
  const { auth, asked, answers, renew, waitForApi } = await openApp()
  answers[KEYS] = async () => answer()
  waitForApi()
  await renew()
  expect(asked).toEqual([KEYS, TOKEN])
  auth.close()
})

test.for<[string, Partial<AuthOptions>]>([
  ['whose keys are given', { metadata: { ...METADATA, jwks: { keys } } }],
  ['whose keys are elsewhere', { metadata: { ...METADATA, jwks_uri: 'https://keys.example/' } }],
  ['without an ID token', { scope: ['read'] }],
])('a session %s is renewed by one request in any case', async ([, more]) => {
  const { auth, asked, renew, waitForApi } = await openApp(more)
  waitForApi()
  await renew()
  expect(asked).toEqual([TOKEN])
  auth.close()
})

test('who signs out before anything is answered does not have the refresh token sent (R77)', async () => {
  const { auth, asked, renew, holdKeys, waitForApi } = await openApp()
  const giveKeys = holdKeys()
  waitForApi()
  const renewal = renew()
  renewal.catch(() => {})
  await expect.poll(() => asked).toEqual([KEYS])
  await auth.signOut({ local: true })
  await expect(renewal).rejects.toMatchObject({ code: 'signed_out' })
  giveKeys()
  await new Promise((resolve) => setImmediate(resolve))
  // The token is revoked, and not used.
  expect(asked.filter((url) => url === TOKEN)).toEqual([])
  auth.close()
})

test.for([true, false])(
  'a client that is closed before anything is answered sends no more (R183), with a frame: %s',
  async (isFramed) => {
    let pushes = 0
    let frames = 0
    const capability: Capability = {
      async push(_, parameters) {
        pushes++
        return parameters
      },
      silent() {
        frames++
        return new Promise(() => {})
      },
    }
    const capabilities = isFramed ? [capability] : undefined
    const { auth, asked, renew, holdKeys, waitForApi } = await openApp({ capabilities })
    const giveKeys = holdKeys()
    waitForApi()
    const renewal = renew()
    renewal.catch(() => {})
    await expect.poll(() => asked).toEqual([KEYS])
    auth.close()
    await expect(renewal).rejects.toMatchObject({ code: 'closed' })
    giveKeys()
    // By the time that another one has asked, it would have been sent.
    const other = await openApp({ capabilities })
    other.waitForApi()
    other.renew().catch(() => {})
    await expect.poll(() => frames + other.asked.filter((url) => url === TOKEN).length).toBe(1)
    expect(asked).toEqual([KEYS])
    expect(pushes).toBe(frames)
    other.auth.close()
  },
)

test('without a network no hidden frame is opened, and the session does not expire (R71)', async () => {
  const late = new AuthError('timeout', 'The hidden frame did not come back in time.')
  let frames = 0
  const silent = async () => {
    frames++
    throw late
  }
  const { auth, answers, renew, pause } = await openApp({
    capabilities: [{ silent }],
    timeout: 1_000,
  })
  answers[KEYS] = SILENCE
  await expect(renew()).rejects.toMatchObject({
    code: 'timeout',
    message: `${KEYS} did not answer in time.`,
    retryable: true,
  })
  expect(frames).toBe(0)
  expect(auth.state).toMatchObject({ status: 'signed-in', renewal: 'retrying' })
  answers[KEYS] = answerKeys
  pause()
  await expect(renew()).rejects.toMatchObject({ code: 'interaction_required' })
  expect(frames).toBe(1)
  expect(auth.state).toMatchObject({ status: 'signed-in', renewal: 'idle', error: late })
  auth.close()
})
