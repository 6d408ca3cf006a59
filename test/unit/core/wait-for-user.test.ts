import { getEventListeners } from 'node:events'
import { AuthError, type AuthState, type SignedInState, type SignedOutState } from 'tessera-auth'
import { waitForUser } from 'tessera-auth/wait'
import { beforeEach, expect, test, vi } from 'vitest'

let closing: AbortController

beforeEach(() => {
  vi.useFakeTimers()
  closing = new AbortController()
  return () => void vi.useRealTimers()
})

const CLOSED = new AuthError('closed', 'This client was closed.')
const EXPIRED = new AuthError('session_expired', 'Only the user can get this access token.')
const signedIn = (renewal: SignedInState['renewal'], sub: string | null = 'alice'): AuthState => ({
  status: 'signed-in',
  user: sub === null ? null : ({ iss: 'https://login.example/', sub } as never),
  scope: [],
  authorizationDetails: [],
  expiresAt: null,
  renewal,
  error: null,
  warning: null,
})

test.for([
  ['she is back', () => [], { value: 'given' }],
  ['the time is over', () => vi.advanceTimersByTimeAsync(5 * 60_000), { error: EXPIRED }],
  ['the client is closed', () => closing.abort(CLOSED), { error: CLOSED }],
] as const)('a call that has waited for the user leaves nothing behind when %s', async (row) => {
  const [, pass, expected] = row
  let state = signedIn('expired')
  const listeners = new Set<(state: AuthState) => void>()
  const wait = waitForUser().wait?.((listener) => {
    listeners.add(listener)
    listener(state)
    return () => void listeners.delete(listener)
  }, closing.signal)
  const ofTheClient = listeners.size
  const left = () => [
    listeners.size - ofTheClient,
    vi.getTimerCount(),
    getEventListeners(closing.signal, 'abort').length,
  ]
  const task = async () => {
    if (state === signedOn) return 'given'
    throw EXPIRED
  }
  const signedOn = signedIn('idle')
  const waiting = wait?.(task).then(
    (value) => ({ value }),
    (error) => ({ error }),
  )
  await vi.advanceTimersByTimeAsync(0)
  expect(left()).toEqual([1, 1, 1])
  await pass()
  if ('value' in expected) state = signedOn
  for (const listener of listeners) listener(state)
  expect(await waiting).toEqual(expected)
  expect(left()).toEqual([0, 0, 0])
})

const signedOut = (reason: SignedOutState['reason']): AuthState => ({
  status: 'signed-out',
  reason,
  error: null,
  warning: null,
})

/** A client in a state, whose calls wait. */
function createWaiting(first: AuthState, timeout?: number) {
  let state = first
  const listeners = new Set<(state: AuthState) => void>()
  const wait = waitForUser({ timeout }).wait?.((listener) => {
    listeners.add(listener)
    listener(state)
    return () => void listeners.delete(listener)
  }, closing.signal)
  return {
    /** Says what has become of a call by now. */
    call(task: () => Promise<unknown>) {
      let outcome: unknown = 'waits'
      wait?.(task).then(
        (value) => {
          outcome = value
        },
        (error) => {
          outcome = error
        },
      )
      return () => outcome
    },
    async turnTo(next: AuthState) {
      state = next
      for (const listener of [...listeners]) listener(next)
      await vi.advanceTimersByTimeAsync(0)
    },
  }
}

const MISMATCH = new AuthError('user_mismatch', 'Another user signed in than before.')

test.for<[who: string | null, next: AuthState, outcome: unknown]>([
  ['alice', signedIn('idle'), 'given'],
  ['alice', signedIn('expiring'), 'given'],
  ['alice', signedIn('renewing'), 'waits'],
  ['alice', signedIn('retrying'), 'waits'],
  ['alice', signedIn('idle', 'bob'), MISMATCH],
  ['alice', signedIn('expiring', 'bob'), MISMATCH],
  ['alice', signedIn('renewing', 'bob'), 'waits'],
  ['alice', { status: 'starting' }, 'waits'],
  ['alice', { status: 'signing-in' }, 'waits'],
  ['alice', signedOut('session-ended'), 'waits'],
  ['alice', signedOut('sign-in-failed'), 'waits'],
  ['alice', signedOut('signed-out'), EXPIRED],
  ['alice', signedOut('idle'), EXPIRED],
  ['alice', signedOut('no-session'), EXPIRED],
  // Without an ID token nobody knows who comes back.
  [null, { status: 'signing-in' }, 'waits'],
  [null, { status: 'starting' }, EXPIRED],
  [null, signedOut('session-ended'), EXPIRED],
  [null, signedIn('idle', null), 'given'],
])('a call of %j that waits when the state becomes %j: %j', async ([who, next, outcome]) => {
  const { call, turnTo } = createWaiting(signedIn('expired', who))
  let isBack = false
  const outcomeOf = call(async () => {
    if (isBack) return 'given'
    throw EXPIRED
  })
  await vi.advanceTimersByTimeAsync(0)
  isBack = true
  await turnTo(next)
  expect(outcomeOf()).toEqual(outcome)
})

test('a call waits for the user who was signed in last', async () => {
  const { call, turnTo } = createWaiting(signedIn('idle', 'alice'))
  await turnTo(signedIn('expired', 'bob'))
  let isBack = false
  const outcomeOf = call(async () => {
    if (isBack) return 'given'
    throw EXPIRED
  })
  await vi.advanceTimersByTimeAsync(0)
  isBack = true
  await turnTo(signedIn('idle', 'bob'))
  expect(outcomeOf()).toBe('given')
})

test('the time of a call that waits more than once is counted from the first', async () => {
  const { call, turnTo } = createWaiting(signedIn('expired'), 60_000)
  let tries = 0
  const outcomeOf = call(async () => {
    tries++
    // She is back for a moment, and that was not enough.
    if (tries > 1) void turnTo(signedIn('expired'))
    throw EXPIRED
  })
  await vi.advanceTimersByTimeAsync(40_000)
  void turnTo(signedIn('idle'))
  await vi.advanceTimersByTimeAsync(19_999)
  expect(outcomeOf()).toBe('waits')
  await vi.advanceTimersByTimeAsync(1)
  expect(outcomeOf()).toBe(EXPIRED)
  expect(tries).toBe(2)
})

test('a call that fails when the user is back already goes on at once', async () => {
  const { call } = createWaiting(signedIn('idle'))
  let tries = 0
  const outcomeOf = call(async () => {
    tries++
    if (tries > 1) return 'given'
    throw EXPIRED
  })
  await vi.advanceTimersByTimeAsync(0)
  expect(outcomeOf()).toBe('given')
})

test('a call waits for as long as it is told, however long that is', async () => {
  const { call } = createWaiting(signedIn('expired'), Number.POSITIVE_INFINITY)
  const outcomeOf = call(() => Promise.reject(EXPIRED))
  await vi.advanceTimersByTimeAsync(60 * 60_000)
  expect(outcomeOf()).toBe('waits')
})

test('a call that fails for another reason does not wait', async () => {
  const { call } = createWaiting(signedIn('expired'))
  const failure = new AuthError('network', 'No answer.')
  const outcomeOf = call(() => Promise.reject(failure))
  await vi.advanceTimersByTimeAsync(0)
  expect(outcomeOf()).toBe(failure)
})

test('a call does not begin to wait for a client that is closed meanwhile', async () => {
  const wait = waitForUser().wait?.(() => () => {}, closing.signal)
  const waiting = wait?.(async () => {
    closing.abort(CLOSED)
    throw EXPIRED
  })
  await expect(waiting).rejects.toBe(EXPIRED)
  expect(vi.getTimerCount()).toBe(0)
})
