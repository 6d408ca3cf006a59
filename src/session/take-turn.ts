import type { SessionContext } from './context.js'

/**
 * Completes a sign-in while no other tab is at the session; where one is at it for ever, all the same:
 * the sign-in would be lost. A code is sent by one alone in any case, and a renewal under way does not
 * undo what was signed in beside it.
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
