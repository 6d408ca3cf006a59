import { AuthError } from '../errors.js'

/** Runs one task at a time. */
export type Lock = <Result>(task: () => Promise<Result>) => Promise<Result>

/**
 * Makes a lock that all tabs share (Web Locks). The browser releases it when a tab dies. A task
 * that has waited longer than `patience` milliseconds, while no other one of this page has ended,
 * is given up, and so is one that the browser refuses the lock. If there are no Web Locks, or the
 * browser refuses them together with its storage, the lock holds within the page only.
 *
 * @throws {AuthError} `timeout`
 */
export function createLock(name: string, patience: number): Lock {
  let last: Promise<unknown> = Promise.resolve()
  /** How many tasks of this page have ended. As long as they do, those behind them wait. */
  let ended = 0
  return async (task) => {
    if (globalThis.navigator?.locks) {
      const waiting = new AbortController()
      const { signal } = waiting
      let timer: ReturnType<typeof setTimeout> | undefined
      // In two halves, so that a page that slept meanwhile does not give up at once.
      const wait = (known?: number) => {
        timer = setTimeout(() => (known === ended ? waiting.abort() : wait(ended)), patience / 2)
      }
      wait()
      let running: ReturnType<typeof task> | undefined
      try {
        return await navigator.locks.request(name, { signal }, () => {
          clearTimeout(timer)
          running = task().finally(() => ended++)
          return running
        })
      } catch (error) {
        // Another script may steal the lock: a task that has begun goes on.
        if (running) return running
        // With storage that all tabs share, two tabs at once would use the same refresh token.
        if (signal.aborted || (error as Error | null)?.name !== 'SecurityError') {
          const message = signal.aborted
            ? 'Another tab holds the session.'
            : 'The browser refuses to lock the session.'
          throw new AuthError('timeout', message, { retryable: true })
        }
      } finally {
        clearTimeout(timer)
      }
    }
    const run = last.then(task, task)
    last = run.catch(() => {})
    return run
  }
}
