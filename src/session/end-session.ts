import { AuthError } from '../errors.js'
import { endSessionUrl } from '../protocol/end-session-url.js'
import { revokeToken } from '../protocol/revoke-token.js'
import { epochOf } from './complete-sign-in.js'
import type { SessionContext } from './context.js'
import { EPOCH, USED } from './records.js'

/** What a sign-out left to do. */
export interface EndedSession {
  /** Where to sign out at the provider, if there is a session and a place for that. */
  readonly url: string | undefined
  readonly error: AuthError | null
}

/** The longest that revocation may hold up a sign-out, in milliseconds. */
const PATIENCE = 2_000

/**
 * Ends the session: in this page at once, then in the store and in every other tab, and last, as
 * far as the provider lets us, its tokens. Never rejects.
 */
export async function endSession(
  context: SessionContext,
  postLogoutRedirectUri: string | undefined,
): Promise<EndedSession> {
  const record = context.current()?.record
  context.drop('signed-out')
  await forgetEverything(context)
  context.announce()
  if (!record) return { url: undefined, error: null }
  const { metadata, refreshToken, idToken, tokens } = record
  const { transport, clientId } = context
  const access = Object.values(tokens).map((token) => token?.accessToken)
  const revocations = [refreshToken, ...access].map(
    (token, at) =>
      token &&
      revokeToken(transport, metadata, clientId, token, at ? 'access_token' : 'refresh_token'),
  )
  const error = await withPatience(Promise.all(revocations))
  return { url: endSessionUrl(metadata, clientId, idToken, postLogoutRedirectUri), error }
}

/** Empties the store, and makes sign-ins and renewals under way come to nothing. */
export async function forgetEverything(context: SessionContext): Promise<void> {
  try {
    const stores = await context.stores()
    for (const { records } of [stores.sessions, stores.transactions]) {
      await records((all) => {
        const epoch = epochOf(all) + 1
        for (const name of [...all.keys()]) if (!name.startsWith(USED)) all.delete(name)
        all.set(EPOCH, epoch)
      })
    }
  } catch (error) {
    context.warn(error as AuthError)
  }
}

/** Why a task failed, if it did, other than that the provider wants a secret for it. */
function withPatience(task: Promise<unknown>): Promise<AuthError | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => settle(new AuthError('timeout', 'The revocation hangs.')),
      PATIENCE,
    )
    const settle = (error: AuthError | null) => {
      clearTimeout(timer)
      resolve(error?.code === 'token_request_refused' ? null : error)
    }
    task.then(() => settle(null), settle)
  })
}
