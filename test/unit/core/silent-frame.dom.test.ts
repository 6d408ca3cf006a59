import { silentFrame } from 'tessera-auth/silent'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test.for([
  [undefined, 10_000],
  [1_000, 1_000],
  [60_000, 10_000],
] as const)(
  'silentFrame() told to wait %j ms waits %i, and leaves nothing behind (R172)',
  async ([timeout, waits]) => {
    const prepared = Promise.resolve({ url: 'about:blank', state: 'state' })
    const outcome = silentFrame({ timeout })
      .silent?.(prepared)
      .catch((error) => error)
    await vi.advanceTimersByTimeAsync(waits - 1)
    const [frame] = document.querySelectorAll('iframe')
    expect(frame).toMatchObject({ hidden: true, title: 'Sign-in' })
    expect(frame?.getAttribute('sandbox')).toBe('allow-scripts allow-same-origin allow-forms')
    expect(await Promise.race([outcome, 'waits'])).toBe('waits')
    await vi.advanceTimersByTimeAsync(1)
    expect(await outcome).toMatchObject({
      code: 'timeout',
      message: 'The hidden frame did not come back in time.',
      retryable: true,
    })
    expect(document.querySelectorAll('iframe')).toHaveLength(0)
    expect(vi.getTimerCount()).toBe(0)
  },
)
