import { AuthError } from '../errors.js'
import { completeSignIn, findSignIn } from '../session/complete-sign-in.js'
import { takeTurn } from '../session/take-turn.js'
import type { StartResult } from '../types/requests.js'
import type { Client } from './client.js'

/**
 * Completes the sign-in that a callback belongs to. Returns `undefined` if the callback was used before
 * and there is a session: the user went back, reloaded the page, or another page saw it too.
 *
 * @throws {AuthError} as {@link completeSignIn}
 */
export async function completeCallback(
  { session }: Client,
  parameters: URLSearchParams,
): Promise<StartResult | undefined> {
  const { revalidate } = session
  // Read while waiting for the lock.
  const found = findSignIn(session, parameters)
  found.catch(() => {})
  const completed = await takeTurn(session, async () => completeSignIn(session, await found))
  if (completed || (await revalidate())) return completed
  throw new AuthError('callback_state', 'The callback was used before. Sign in again.')
}
