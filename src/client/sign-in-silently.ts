import { beginSignIn } from '../session/begin-sign-in.js'
import { completeSignIn, findSignIn } from '../session/complete-sign-in.js'
import type { Via } from '../types/capabilities.js'
import type { Client } from './client.js'
import { targetOf } from './sign-in.js'

/**
 * Signs the same user in again without asking them. Call it while the lock is held: a provider takes one
 * such request at a time.
 *
 * @param tokenKey what the access token is for
 * @throws {AuthError} `interaction_required` if the provider wants to see the user, and as `Auth.signIn`
 */
export async function signInSilently(
  client: Client,
  via: Via,
  tokenKey: string,
  idTokenHint: boolean | undefined,
): Promise<void> {
  const { session } = client
  const hint = idTokenHint && session.current()?.idToken
  const parameters = hint ? { id_token_hint: hint } : {}
  const request = { prompt: 'none', sameUser: true, parameters } as const
  const target = targetOf(client, request, tokenKey)
  const answer = await via(beginSignIn(session, target, request), client.closing.signal)
  const completed = await completeSignIn(session, await findSignIn(session, answer))
  if (completed?.error) throw completed.error
}
