import { beforeEach, expect, test, vi } from 'vitest'
import { createRenewalTimer } from '../../../src/session/create-renewal-timer.ts'
import { createTokenClock } from '../../../src/session/create-token-clock.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND

beforeEach(() => {
  vi.useFakeTimers()
  return () => void vi.useRealTimers()
})

/** Watches over a token of an hour to its end. Returns how long it still held each time something was done. */
async function watch(canRenew: boolean) {
  const [clock, now] = [createTokenClock(), Date.now()]
  const token = {
    accessToken: 'token',
    tokenType: 'Bearer',
    scope: [],
    authorizationDetails: [],
    receivedAt: now,
    expiresAt: now + 60 * MINUTE,
  } as const
  clock.follow([token])
  const renewals: number[] = []
  const lapses: [boolean, number][] = []
  const timer = createRenewalTimer({
    clock,
    token: () => token,
    canRenew: () => canRenew,
    async renew() {
      renewals.push(clock.left(token))
      throw new Error('Not now.')
    },
    lapse: (expired) => lapses.push([expired, clock.left(token)]),
  })
  timer.arm()
  await vi.advanceTimersByTimeAsync(60 * MINUTE)
  return { renewals, lapses }
}

test('a renewal that fails is tried again each half minute or so, until the token runs out (R75)', async () => {
  const { renewals, lapses } = await watch(true)
  const [first = 0, ...others] = renewals
  expect(first).toBeLessThanOrEqual(2 * MINUTE)
  expect(first).toBeGreaterThan(MINUTE - SECOND)
  expect(others.length).toBeGreaterThan(0)
  others.reduce((before, left) => {
    expect(before - left).toBeGreaterThanOrEqual(20 * SECOND)
    expect(before - left).toBeLessThanOrEqual(41 * SECOND)
    return left
  }, first)
  expect(lapses).toEqual([])
})

test('a token that only the user can renew is said to run out five minutes before, and when it has', async () => {
  const { renewals, lapses } = await watch(false)
  expect(renewals).toEqual([])
  expect(lapses).toEqual([
    [false, 5 * MINUTE],
    [true, 0],
  ])
})

test('tabs begin to renew at moments of their own, from two minutes to one before the end (R75)', async () => {
  const begun: (number | undefined)[] = []
  for (const random of [0, 0.5, 0.999]) {
    const chance = vi.spyOn(Math, 'random').mockReturnValue(random)
    begun.push((await watch(true)).renewals[0])
    chance.mockRestore()
  }
  expect(begun).toEqual([MINUTE, 1.5 * MINUTE, 1.999 * MINUTE])
})
