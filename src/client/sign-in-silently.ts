import { type AuthError, signedOut } from '../errors.js'
import { abortable } from '../http/abortable.js'
import { beginSignIn } from '../session/begin-sign-in.js'
import { completeSignIn, findSignIn } from '../session/complete-sign-in.js'
import { TRANSACTION } from '../session/records.js'
import { takeTurn } from '../session/take-turn.js'
import { createLock } from '../tabs/create-lock.js'
import type { Via } from '../types/capabilities.js'
import type { Client } from './client.js'
import { targetOf } from './sign-in.js'

/** Errors that say that the provider wants to see the user, knows another one, or refuses the request. */
const WANTS_USER = /^(interaction_required|user_mismatch|authorization_error)$/

/**
 * Signs the same user in again without asking them. Call it while the lock of the session is held. Where
 * there are Web Locks, there is one such request at a time for each provider, because several apps may
 * share the session there; one that has waited for `timeout` goes ahead.
 *
 * @param tokenKey what the access token is for
 * @returns why only the user can sign in, if that is so
 * @throws {AuthError} what may pass, as `Auth.signIn`
 */
export async function signInSilently(
  client: Client,
  via: Via,
  tokenKey: string,
  idTokenHint: boolean | undefined,
): Promise<AuthError | undefined> {
  const { session, options } = client
  const { signal: closing } = client.closing
  const over = new AbortController()
  const { signal } = over
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
  const close = () => over.abort(closing.reason)
  closing.addEventListener('abort', close, { signal })
  if (closing.aborted) close()
  // Who signs in next need not wait for the frame.
  const stop = session.subscribe(({ status }) => status === 'signed-out' && over.abort(signedOut()))
  let isAnswered = false
  try {
    const answer = await abortable(signal, takeTurn({ lock }, ask))
    isAnswered = true
    const completed = await completeSignIn(session, await findSignIn(session, answer))
    if (completed?.error) throw completed.error
  } catch (error) {
    const { code, retryable } = error as AuthError
    // Of a frame that is gone no answer comes any more. If they were kept, they would in time take the
    // place of a sign-in that is under way in another tab.
    await session.store.records((all) => all.delete(TRANSACTION + prepared.state)).catch(() => {})
    // A provider that refuses to be framed answers nothing.
    const wantsUser = isAnswered
      ? WANTS_USER.test(code) && !retryable
      : /^(timeout|interaction_required)$/.test(code)
    if (wantsUser) return error as AuthError
    throw error
  } finally {
    stop()
    over.abort()
  }
  return undefined
}
