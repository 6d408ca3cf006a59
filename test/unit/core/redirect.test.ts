import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { redirect } from '../../../src/navigation/redirect.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test.for<[string, (comeBack: () => void, close: () => void) => void]>([
  ['that the user comes back from', (comeBack) => comeBack()],
  ['that has led nowhere after a minute', () => vi.advanceTimersByTime(60_000)],
  ['whose client is closed', (_, close) => close()],
])('a redirect %s leaves nothing behind', async ([, happen]) => {
  const closing = new AbortController()
  const { signal } = closing
  const listening = new Set<() => void>()
  const on = (_: string, task: () => void) => {
    listening.add(task)
    return () => listening.delete(task)
  }
  const leaving = redirect(() => {}, on, 'https://login.example/', signal)
  vi.advanceTimersByTime(59_999)
  expect(listening.size).toBe(1)
  happen(
    () => {
      for (const task of listening) task()
    },
    () => closing.abort(),
  )
  await expect(leaving).rejects.toMatchObject({
    code: 'sign_in_interrupted',
    message: 'The sign-in was left before it was complete.',
    retryable: true,
  })
  expect(listening.size).toBe(0)
  expect(getEventListeners(signal, 'abort')).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})
