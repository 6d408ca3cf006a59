import { AuthError } from '../errors.js'
import { completeSignIn, findSignIn } from '../session/complete-sign-in.js'
import { takeTurn } from '../session/take-turn.js'
import type { StartResult } from '../types/requests.js'
import type { Client } from './client.js'

/**
 * Completes the sign-in that a callback belongs to, when no other tab is at it. Returns `undefined`
 * where it was completed before, by the back button, a reload, or another page that saw it: fine
 * where that has led to a session.
 *
 * @throws {AuthError} as {@link completeSignIn}
 */
export async function completeCallback(
  { session }: Client,
  parameters: URLSearchParams,
): Promise<StartResult | undefined> {
  const { revalidate } = session
  // Read while it waits for its turn.
  const found = findSignIn(session, parameters)
  found.catch(() => {})
  const completed = await takeTurn(session, async () => completeSignIn(session, await found))
  if (completed || (await revalidate())) return completed
  throw new AuthError('callback_state', 'The callback was used before. Sign in again.')
}
