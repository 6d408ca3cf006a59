import { signedOut } from '../errors.js'
import { abortable } from '../http/abortable.js'
import { beginSignIn } from '../session/begin-sign-in.js'
import { completeSignIn, findSignIn } from '../session/complete-sign-in.js'
import { takeTurn } from '../session/take-turn.js'
import { createLock } from '../tabs/create-lock.js'
import type { Via } from '../types/capabilities.js'
import type { Client } from './client.js'
import { targetOf } from './sign-in.js'

/**
 * Signs the same user in again without asking them. Call it while the lock of the session is held. Where
 * there are Web Locks, there is one such request at a time for each provider, because several apps may
 * share the session there; one that has waited for `timeout` goes ahead.
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
  const { session, options } = client
  const { signal } = client.closing
  const hint = idTokenHint && session.current()?.idToken
  const parameters = hint ? { id_token_hint: hint } : {}
  const request = { prompt: 'none', sameUser: true, parameters } as const
  const target = targetOf(client, request, tokenKey)
  // Before any wait: a sign-out meanwhile must not be undone.
  const prepared = await beginSignIn(session, target, request)
  const lock = createLock(`tessera-auth silent ${new URL(prepared.url).origin}`, options.timeout)
  const ask = async () => {
    signal.throwIfAborted()
    if (!session.current()) throw signedOut()
    return via(Promise.resolve(prepared), signal)
  }
  const answer = await abortable(signal, takeTurn({ lock }, ask))
  const completed = await completeSignIn(session, await findSignIn(session, answer))
  if (completed?.error) throw completed.error
}
