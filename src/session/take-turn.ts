import type { SessionContext } from './context.js'

/**
 * Completes a sign-in under the lock, or without it if another tab holds it for too long: otherwise the
 * sign-in would be lost. That is safe: a code is sent only once in any case, and a renewal under way does
 * not undo a sign-in beside it.
 */
export async function takeTurn<Result>(
  { lock }: Pick<SessionContext, 'lock'>,
  task: () => Promise<Result>,
): Promise<Result> {
  let began = false
  const begin = () => {
    began = true
    return task()
  }
  return lock(begin).catch((error) => {
    if (began || error.code !== 'timeout') throw error
    return task()
  })
}
