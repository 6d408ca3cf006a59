import { signedOut } from '../errors.js'
import type { SessionContext } from './context.js'
import { forgetSession } from './forget-session.js'

/**
 * Ends the session that `guard` agrees to, because the provider has ended it.
 *
 * @throws {AuthError} `signed_out` if it was over before: a user who has signed out is not asked to sign
 *   in because the refresh token is refused now
 */
export async function endRefused(
  context: SessionContext,
  guard: (all: Map<string, unknown>) => boolean,
): Promise<void> {
  let isOurs = true
  const look = (all: Map<string, unknown>) => {
    isOurs = guard(all)
    return isOurs
  }
  await forgetSession(context, look, false)
  if (!isOurs) throw signedOut()
}
