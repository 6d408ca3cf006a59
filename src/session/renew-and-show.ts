import { AuthError, signedOut } from '../errors.js'
import type { SignedInState } from '../types/state.js'
import { assertOnline } from './assert-online.js'
import type { Current, SessionContext } from './context.js'
import { restoreSession } from './keep-session.js'
import { mainKey, type TokenRecord } from './records.js'
import { renewToken } from './renew-session.js'

/**
 * Renews an access token, and shows how that went.
 *
 * @throws {AuthError} `session_expired` or `interaction_required` if only the user can renew it, and as
 *   {@link renewToken}
 */
export async function renewAndShow(
  context: SessionContext,
  key: string,
  stale: string | undefined,
): Promise<TokenRecord> {
  const { current, show, ended, hold } = context
  const before = current()
  const since = ended()
  try {
    // If only the user can renew it, that is the error to give, online or not.
    if (canRenew(context)) assertOnline()
    const holdSince = (next: Current) => hold(next, since)
    let isNews = true
    const takeOver = (next: Current) => {
      isNews = false
      holdSince(next)
    }
    const token = await renewToken({ ...context, hold: holdSince, takeOver }, key, stale)
    if (token) {
      show(null)
      // If each tab that has waited announced it, all would look again for each of them.
      if (isNews) context.announce()
      return token
    }
  } catch (error) {
    await showFailure(context, error as AuthError)
    // Another tab may have signed in the same user again while this one was renewing.
    const { claims, tokens } = current() ?? {}
    const token = (error as AuthError).code === 'signed_out' && tokens?.[key]
    const isNew = token && token.accessToken !== stale && context.isUsable(token)
    if (isNew && before?.claims && claims?.sub === before.claims.sub) return token
    throw error
  }
  if (!current()) throw signedOut()
  const main = mainKey(current())
  const token = current()?.tokens[main]
  // If the token is for another resource than the session's own, and that one can be renewed, the session
  // itself is fine.
  const expired = !(token && context.isUsable(token)) && (main === key || !canRenew(context))
  // In one step: `waitForUser()` would take an "idle" in between for the return of the user.
  const { error = null, renewal } = context.state() as Partial<SignedInState>
  const other = renewal === 'expiring' ? renewal : 'idle'
  show(error, expired ? 'expired' : other)
  throw new AuthError(
    expired ? 'session_expired' : 'interaction_required',
    'Only the user can get this access token: call auth.signIn().',
  )
}

/** Whether a token can be renewed without the user. */
export const canRenew = ({ current, signInSilently }: SessionContext): boolean =>
  !!(current()?.refreshToken || signInSilently)

async function showFailure(context: SessionContext, error: AuthError): Promise<void> {
  if (error.code === 'session_expired') {
    if (context.current()) context.drop('session-ended', error)
    context.announce()
  } else if (error.code === 'signed_out') {
    await restoreSession(context)
    // Even if nothing has changed, the renewal is over.
    context.show()
  } else {
    // The page may have been away meanwhile, and have left the session to this renewal to show.
    if (context.state().status === 'starting') await restoreSession(context)
    context.dispatch({ type: 'delayed', error })
  }
}
