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
