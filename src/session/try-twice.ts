import type { AuthError } from '../errors.js'

/**
 * Runs a task on the database, and once more if it failed, because some browsers lose the connection for
 * a moment. A database that was too slow is not waited for again.
 */
export function tryTwice<Result>(task: () => Promise<Result>): Promise<Result> {
  return task().catch((error: AuthError) => {
    if (error.retryable) throw error
    return task()
  })
}
