import { createAuth } from 'tessera-auth'
import { watchIdle } from 'tessera-auth/idle'
import { signInWithPassword } from 'tessera-auth/password'
import { popup } from 'tessera-auth/popup'
import { silentFrame } from 'tessera-auth/silent'
import { waitForUser } from 'tessera-auth/wait'
import { expect, test } from 'vitest'

const auth = createAuth({
  issuer: 'https://login.example/',
  clientId: 'client',
  redirectUri: '/callback',
})

const CALLS = {
  popup,
  silentFrame,
  waitForUser,
  watchIdle: (options: never) => watchIdle(auth, options),
  signInWithPassword: (request: never) => signInWithPassword(auth, request),
  authorize: (request: never) => auth.authorize(request),
} as const

const NAMES = {
  popup: 'width, height, timeout',
  silentFrame: 'timeout, idTokenHint',
  waitForUser: 'timeout',
  watchIdle: 'timeout, warning, onCountdown, local',
  signInWithPassword: 'username, password, clientSecret, scope, dialect',
  authorize: 'url, method, signal',
} as const

type Call = keyof typeof CALLS

async function messageOf(call: Call, options: unknown): Promise<string> {
  const failure: unknown = await (async () => CALLS[call](options as never))().catch(
    (error: unknown) => error,
  )
  expect(failure).toMatchObject({ name: 'AuthError', code: 'config', retryable: false })
  return (failure as Error).message
}

test.for(Object.keys(CALLS) as Call[])('%s() refuses what is no options', async (call) => {
  const message = `${call}: its options have to be an object; there are ${NAMES[call]}.`
  for (const none of [null, 5, 'timeout', () => {}]) {
    expect(await messageOf(call, none)).toBe(message)
  }
})

test.for(Object.keys(CALLS) as Call[])('%s() refuses an option that there is not', async (call) => {
  expect(await messageOf(call, { timeOut: 5 })).toBe(
    `${call}: there is no option "timeOut"; there are ${NAMES[call]}.`,
  )
})

test('signInWithPassword() names the option for the secret', async () => {
  const request = { username: 'user', password: 'password', client_secret: 'secret' }
  expect(await messageOf('signInWithPassword', request)).toBe(
    `signInWithPassword: there is no option "client_secret"; there are ${NAMES.signInWithPassword}.`,
  )
})

test.for(['popup', 'silentFrame', 'waitForUser', 'watchIdle'] as const)(
  '%s() refuses what is no time',
  async (call) => {
    for (const timeout of ['x', '5', Number.NaN, 0, -1, true, null, 5n, Symbol('5')]) {
      expect(await messageOf(call, { timeout })).toBe(
        `${call}: "timeout" has to be a number of milliseconds.`,
      )
    }
  },
)

const WHO = { username: 'monika', password: 'hunter2' }

test.for<[Call, object, string]>([
  ['popup', { width: '480' }, '"width" has to be a number of pixels'],
  ['popup', { height: Number.NaN }, '"height" has to be a number of pixels'],
  ['silentFrame', { idTokenHint: 'yes' }, '"idTokenHint" has to be true or false'],
  ['watchIdle', {}, '"timeout" has to be a number of milliseconds'],
  ['watchIdle', { timeout: 5, warning: '1' }, '"warning" has to be a number of milliseconds'],
  ['watchIdle', { timeout: 5, onCountdown: {} }, '"onCountdown" has to be a function'],
  ['watchIdle', { timeout: 5, local: 'yes' }, '"local" has to be true or false'],
  ['signInWithPassword', {}, '"username" has to be a non-empty string'],
  ['signInWithPassword', { username: '' }, '"username" has to be a non-empty string'],
  ['signInWithPassword', { username: 'monika' }, '"password" has to be a non-empty string'],
  ['signInWithPassword', { ...WHO, password: 5 }, '"password" has to be a non-empty string'],
  [
    'signInWithPassword',
    { ...WHO, clientSecret: null },
    '"clientSecret" has to be a non-empty string',
  ],
  ['signInWithPassword', { ...WHO, scope: 'openid' }, '"scope" has to be a list of words'],
  ['signInWithPassword', { ...WHO, dialect: 'xml' }, '"dialect" has to be "form" or "json"'],
])('%s() refuses %j', async ([call, options, message]) => {
  expect(await messageOf(call, options)).toBe(`${call}: ${message}.`)
})

test('what needs no options takes none, and what is left out', () => {
  expect(silentFrame()).toMatchObject({ silent: expect.any(Function) })
  expect(silentFrame({ idTokenHint: true })).toMatchObject({ idTokenHint: true })
  expect(waitForUser({})).toMatchObject({ wait: expect.any(Function) })
  expect(waitForUser({ timeout: Number.POSITIVE_INFINITY })).toBeDefined()
  const idle = watchIdle(auth, { timeout: 5_000, warning: 0, onCountdown: () => {} })
  idle.stop()
})

test('popup() that was handed over instead of called says so where it is waited for', async () => {
  const prepared = Promise.resolve({ url: 'https://login.example/', state: 'state' })
  await expect(popup(prepared as never)).rejects.toMatchObject({
    code: 'config',
    message: 'popup: call it, as in via: popup().',
  })
  const reason = new Error('Nobody has to be asked.')
  await expect(popup(Promise.reject(reason) as never)).rejects.toBe(reason)
})

test('subscribe() refuses what is no function', () => {
  for (const listener of [undefined, null, 5, 'x', { next() {} }]) {
    expect(() => auth.subscribe(listener as never)).toThrow(
      expect.objectContaining({
        name: 'AuthError',
        code: 'config',
        message: 'subscribe: its listener has to be a function.',
      }),
    )
  }
})

test('a "via" of another kind hides no mistake in the request', async () => {
  const via = (() => undefined) as never
  await expect(auth.signIn({ via, scopes: ['read'] } as never)).rejects.toMatchObject({
    code: 'config',
    message: expect.stringMatching(/^signIn: there is no option "scopes"; there are /),
  })
})
