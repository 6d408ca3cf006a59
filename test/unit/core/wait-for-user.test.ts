import { AuthError, type AuthState, type SignedInState } from 'tessera-auth'
import { waitForUser } from 'tessera-auth/wait'
import { beforeEach, expect, test, vi } from 'vitest'

beforeEach(() => {
  vi.useFakeTimers()
  return () => void vi.useRealTimers()
})

const EXPIRED = new AuthError('session_expired', 'Only the user can get this access token.')
const signedIn = (renewal: SignedInState['renewal']): AuthState => ({
  status: 'signed-in',
  user: { iss: 'https://login.example/', sub: 'alice' } as never,
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
] as const)('a call that has waited for the user leaves nothing behind when %s', async (row) => {
  const [, pass, expected] = row
  let state = signedIn('expired')
  const listeners = new Set<(state: AuthState) => void>()
  const wait = waitForUser().wait?.((listener) => {
    listeners.add(listener)
    listener(state)
    return () => void listeners.delete(listener)
  })
  const ofTheClient = listeners.size
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
  expect([listeners.size, vi.getTimerCount()]).toEqual([ofTheClient + 1, 1])
  await pass()
  if ('value' in expected) state = signedOn
  for (const listener of listeners) listener(state)
  expect(await waiting).toEqual(expected)
  expect([listeners.size, vi.getTimerCount()]).toEqual([ofTheClient, 0])
})
