import { AuthError } from '../errors.js'

/** Runs one task at a time. */
export type Lock = <Result>(task: () => Promise<Result>) => Promise<Result>

/**
 * A lock that all tabs share (Web Locks). The browser releases it when a tab dies; who waits longer
 * than `patience` milliseconds gives up. Without Web Locks it holds within the page.
 *
 * @throws {AuthError} `timeout`
 */
export function createLock(name: string, patience: number): Lock {
  let last: Promise<unknown> = Promise.resolve()
  return async (task) => {
    if (!navigator.locks) {
      const run = last.then(task, task)
      last = run.catch(() => {})
      return run
    }
    const signal = AbortSignal.timeout(patience)
    try {
      return await navigator.locks.request(name, { signal }, task)
    } catch (error) {
      if (error !== signal.reason) throw error
      throw new AuthError('timeout', 'Another tab holds the session.', { retryable: true })
    }
  }
}
