import { AuthError } from '../errors.js'

/** Runs one task at a time, over all tabs of the origin. */
export type Lock = <Result>(task: () => Promise<Result>) => Promise<Result>

/**
 * A lock that all tabs share (Web Locks). The browser releases it when a tab dies; who waits longer
 * than `patience` milliseconds gives up.
 *
 * @throws {AuthError} `timeout`
 */
export function createLock(
  locks: LockManager,
  name: string,
  patience: number,
  schedule: (delay: number, task: () => void) => () => void,
): Lock {
  return async (task) => {
    const controller = new AbortController()
    const cancel = schedule(patience, () => controller.abort())
    let started = false
    try {
      return await locks.request(name, { signal: controller.signal }, () => {
        started = true
        cancel()
        return task()
      })
    } catch (error) {
      cancel()
      if (started) throw error
      throw new AuthError('timeout', 'Another tab holds the session for too long.', {
        retryable: true,
      })
    }
  }
}

/** A lock within one page, for browsers without Web Locks. */
export function createPageLock(): Lock {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const run = last.then(task, task)
    last = run.catch(() => undefined)
    return run
  }
}
