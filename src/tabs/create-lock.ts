import { AuthError } from '../errors.js'

/** Runs one task at a time. */
export type Lock = <Result>(task: () => Promise<Result>) => Promise<Result>

/**
 * A lock that all tabs share (Web Locks). The browser releases it when a tab dies; who waits longer
 * than `patience` milliseconds gives up, and so does whom the browser refuses it. Where there are no
 * Web Locks, or the browser refuses them together with its storage, it holds within the page.
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
        // What is stored for all tabs is not for two at once: they would use a refresh token up twice.
        if (signal.aborted || (error as Error | null)?.name !== 'SecurityError') {
          const message = signal.aborted
            ? 'Another tab holds the session.'
            : 'The browser refuses to lock the session.'
          throw new AuthError('timeout', message, { retryable: true })
        }
      }
    }
    const run = last.then(task, task)
    last = run.catch(() => {})
    return run
  }
}
