import { createAuth } from 'tessera-auth'
import { signInWithPassword } from 'tessera-auth/password'
import { popup } from 'tessera-auth/popup'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keys, METADATA, sign } from './open-tab.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** Takes the windows that are opened, of which the user is the one who closes some. */
function useWindows() {
  const windows: ReturnType<typeof createWindow>[] = []
  vi.stubGlobal('open', (...given: unknown[]) => {
    const opened = createWindow(given)
    windows.push(opened)
    return opened
  })
  return windows
}

function createWindow(given: unknown[]) {
  const events = new EventTarget()
  const opened = {
    given,
    closed: false,
    visited: [] as string[],
    close() {
      opened.closed = true
    },
    /** As when a page in it is left. */
    unload: () => events.dispatchEvent(new Event('beforeunload')),
    addEventListener: events.addEventListener.bind(events),
    location: { href: 'about:blank', replace: (url: string) => void opened.visited.push(url) },
  }
  return opened
}

const PREPARED = { url: 'https://login.example/', state: 'state' }

/** Says what has become of a sign-in by now. */
function outcomeOf(signingIn: Promise<unknown>) {
  let outcome: unknown = 'waits'
  signingIn.catch((error) => {
    outcome = error
  })
  return async (after = 0) => {
    await vi.advanceTimersByTimeAsync(after)
    return outcome
  }
}

const CLOSED = { code: 'popup_closed', message: 'The window of the sign-in was closed.' }

test.for([
  ['in the middle of the window', {}, 'popup,width=480,height=640,left=460,top=130'],
  [
    'of the size that it was told',
    { width: 600, height: 500 },
    'popup,width=600,height=500,left=400,top=200',
  ],
  [
    'within the screen where it is larger than the window',
    { width: 2_000, height: 2_000 },
    'popup,width=2000,height=2000,left=0,top=0',
  ],
] as const)('popup() opens %s', ([, options, features]) => {
  const windows = useWindows()
  const place = { screenX: 100, screenY: 50, outerWidth: 1_200, outerHeight: 800 }
  for (const [name, value] of Object.entries(place)) vi.stubGlobal(name, value)
  popup(options)
  expect(windows.map(({ given }) => given)).toEqual([['about:blank', '', features]])
})

test('popup() waits for five minutes, and leaves nothing behind', async () => {
  const [windows, count] = [useWindows(), vi.getTimerCount()]
  vi.spyOn(document, 'hasFocus').mockReturnValue(false)
  const outcome = outcomeOf(popup()(Promise.resolve(PREPARED)))
  expect(await outcome(5 * 60_000 - 1)).toBe('waits')
  expect(windows[0]).toMatchObject({ visited: [PREPARED.url], closed: false })
  expect(await outcome(1)).toMatchObject({
    code: 'timeout',
    message: 'The sign-in took too long.',
    retryable: true,
  })
  expect(windows[0]?.closed).toBe(true)
  expect(vi.getTimerCount()).toBe(count)
})

test('popup() leaves nothing behind when a sign-in cannot begin', async () => {
  const [windows, count] = [useWindows(), vi.getTimerCount()]
  const reason = new RangeError('Nobody knows where to.')
  const outcome = outcomeOf(popup()(Promise.reject(reason)))
  expect(await outcome()).toBe(reason)
  expect(windows[0]?.closed).toBe(true)
  expect(vi.getTimerCount()).toBe(count)
})

test('popup() waits no longer for a sign-in that is never prepared', async () => {
  useWindows()
  const outcome = outcomeOf(popup({ timeout: 1_000 })(new Promise(() => {})))
  expect(await outcome(999)).toBe('waits')
  expect(await outcome(1)).toMatchObject({ code: 'timeout' })
})

test.for<[string, () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('No windows here.')
    },
  ],
  ['gives an object', () => ({ closed: false })],
  ['gives a function', () => () => true],
])(
  'popup() is blocked where a blocker has replaced open(), which %s (R171)',
  async ([, blocker]) => {
    vi.stubGlobal('open', blocker)
    await expect(popup()(Promise.resolve(PREPARED))).rejects.toMatchObject({
      code: 'popup_blocked',
      message: 'The browser did not open the window for the sign-in.',
    })
    expect(vi.getTimerCount()).toBe(0)
  },
)

test('popup() says at once when its window was closed before it was sent anywhere', async () => {
  const windows = useWindows()
  const via = popup()
  windows[0]?.close()
  const outcome = outcomeOf(via(Promise.resolve(PREPARED)))
  expect(await outcome()).toMatchObject(CLOSED)
  expect(windows[0]?.visited).toEqual([])
})

test('popup() takes its window along with a page that is left, until that has been sent away', async () => {
  const windows = useWindows()
  const early = outcomeOf(popup()(new Promise(() => {})))
  dispatchEvent(new Event('pagehide'))
  expect(await early()).toMatchObject(CLOSED)
  expect(windows[0]?.closed).toBe(true)
  const late = outcomeOf(popup({ timeout: 1_000 })(Promise.resolve(PREPARED)))
  await late()
  dispatchEvent(new Event('pagehide'))
  expect(await late(999)).toBe('waits')
  expect(windows[1]?.closed).toBe(false)
  expect(await late(1)).toMatchObject({ code: 'timeout' })
})

test('popup() ends the sign-in in the window before, each time', async () => {
  const windows = useWindows()
  const other = {
    code: 'popup_closed',
    message: 'Another window was opened for the sign-in.',
    retryable: true,
  }
  const begin = () => outcomeOf(popup({ timeout: 60_000 })(Promise.resolve(PREPARED)))
  const first = begin()
  await first()
  const second = begin()
  expect(await first()).toMatchObject(other)
  const third = begin()
  expect(await second()).toMatchObject(other)
  expect(await third()).toBe('waits')
  expect(windows.map(({ closed }) => closed)).toEqual([true, true, false])
  expect(await third(60_000)).toMatchObject({ code: 'timeout' })
})

/** A popup that has been at the provider for some looks at it, while the user is in it or is here. */
async function openAtProvider(looks: number, isHere: boolean) {
  const [window] = [useWindows()]
  const hasFocus = vi.spyOn(document, 'hasFocus').mockReturnValue(isHere)
  const outcome = outcomeOf(popup({ timeout: 60_000 })(Promise.resolve(PREPARED)))
  await outcome()
  const [opened] = window
  Object.defineProperty(opened?.location, 'href', { get: () => undefined })
  await outcome(looks * 100)
  return { opened, hasFocus, outcome }
}

test('popup() says that its window is closed after a second in which the user is back', async () => {
  const { opened, hasFocus, outcome } = await openAtProvider(20, false)
  opened?.close()
  hasFocus.mockReturnValue(true)
  expect(await outcome(1_000)).toBe('waits')
  expect(await outcome(100)).toMatchObject(CLOSED)
})

test('popup() does not take a window for closed that looks so while the user is not here', async () => {
  const { opened, outcome } = await openAtProvider(20, false)
  opened?.close()
  expect(await outcome(30_000)).toBe('waits')
  expect(await outcome(30_000)).toMatchObject({ code: 'timeout' })
})

test('popup() does not take a window for closed that was cut off on its way, with the user here all along', async () => {
  const { opened, outcome } = await openAtProvider(4, true)
  opened?.close()
  expect(await outcome(30_000)).toBe('waits')
  expect(await outcome(30_000)).toMatchObject({ code: 'timeout' })
})

test('popup() takes a window for closed that was at the provider for longer, with the user here', async () => {
  const { opened, outcome } = await openAtProvider(5, true)
  opened?.close()
  expect(await outcome(1_100)).toMatchObject(CLOSED)
})

test('popup() takes a window for closed whose blank page was left a second time', async () => {
  const { opened, outcome } = await openAtProvider(0, false)
  opened?.unload()
  opened?.unload()
  opened?.close()
  expect(await outcome(1_100)).toMatchObject(CLOSED)
})

test('popup() closes its window where the sign-in waits for a sign-out that does not leave', async () => {
  const windows = useWindows()
  vi.spyOn(console, 'warn').mockReturnValue()
  const metadata = {
    ...METADATA,
    end_session_endpoint: 'https://login.example/end',
    jwks: { keys },
  }
  const auth = createAuth({
    metadata,
    clientId: 'client',
    redirectUri: '/callback',
    capabilities: [{ leave() {} }],
    fetch: async () =>
      Response.json({ token_type: 'Bearer', access_token: 'token', id_token: await sign('alice') }),
  })
  vi.useRealTimers()
  await signInWithPassword(auth, { username: 'alice', password: 'swordfish' })
  vi.useFakeTimers()
  const signingOut = auth.signOut()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await signingOut).toEqual({ redirected: true })
  const signingIn = outcomeOf(auth.signIn({ via: popup() }))
  expect(await signingIn()).toBe('waits')
  expect(await signingIn(61_000)).toMatchObject({ code: 'sign_in_interrupted' })
  expect(windows).toMatchObject([{ closed: true, visited: [] }])
  auth.close()
})
