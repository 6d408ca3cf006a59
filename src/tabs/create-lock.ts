import { AuthError } from '../errors.js'

/** Runs one task at a time. */
export type Lock = <Result>(task: () => Promise<Result>) => Promise<Result>

/**
 * A lock that all tabs share (Web Locks). The browser releases it when a tab dies; who waits longer
 * than `patience` milliseconds gives up. Where there are no Web Locks, or the browser refuses them, as
 * together with its storage, it holds within the page.
 *
 * @throws {AuthError} `timeout`
 */
export function createLock(name: string, patience: number): Lock {
  let last: Promise<unknown> = Promise.resolve()
  return async (task) => {
    if (globalThis.navigator?.locks) {
      const signal = AbortSignal.timeout(patience)
      let running: ReturnType<typeof task> | undefined
      try {
        return await navigator.locks.request(name, { signal }, () => {
          running = task()
          return running
        })
      } catch (error) {
        // Another script may steal it: what has begun goes on.
        if (running) return running
        if (error === signal.reason) {
          throw new AuthError('timeout', 'Another tab holds the session.', { retryable: true })
        }
      }
    }
    const run = last.then(task, task)
    last = run.catch(() => {})
    return run
  }
}
