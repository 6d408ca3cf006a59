import { beforeEach, expect, test, vi } from 'vitest'
import { retryRequest } from '../../../src/client/retry-request.ts'
import { AuthError, type AuthErrorCode } from '../../../src/errors.ts'

beforeEach(() => {
  vi.useFakeTimers()
  return () => void vi.useRealTimers()
})

test.for<[string, AuthErrorCode, number | undefined, number, number]>([
  ['three times where the network fails', 'network', undefined, 3, 1_500],
  ['three times where the provider does', 'provider_unavailable', undefined, 3, 1_500],
  ['three times where it asks for five seconds', 'provider_unavailable', 5_000, 3, 10_000],
  ['once where it asks for more', 'provider_unavailable', 5_001, 1, 0],
  ['once where it takes too long', 'timeout', undefined, 1, 0],
  ['once where asking again changes nothing', 'discovery_invalid', undefined, 1, 0],
])('an idempotent request is made %s (R176)', async ([, code, retryAfter, times, longest]) => {
  const begun = Date.now()
  const request = vi.fn(() => Promise.reject(new AuthError(code, 'Not now.', { retryAfter })))
  const outcome = retryRequest(request).catch((error) => [error.message, Date.now() - begun])
  await vi.runAllTimersAsync()
  const [message, took] = await outcome
  expect(message).toBe('Not now.')
  expect(request).toHaveBeenCalledTimes(times)
  expect(took).toBeLessThanOrEqual(longest)
})

test('between them it waits a random time, and four times as long the second time (R176)', async () => {
  vi.spyOn(Math, 'random').mockReturnValueOnce(0.5).mockReturnValueOnce(0.25)
  const begun = Date.now()
  const times: number[] = []
  const outcome = retryRequest(async () => {
    times.push(Date.now() - begun)
    throw new AuthError('network', 'Not now.')
  }).catch(({ message }) => message)
  await vi.runAllTimersAsync()
  expect(await outcome).toBe('Not now.')
  expect(times).toEqual([0, 150, 450])
  vi.restoreAllMocks()
})
