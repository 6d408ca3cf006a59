import { AuthError } from '../errors.js'
import { endSessionUrl } from '../protocol/end-session-url.js'
import { revokeToken } from '../protocol/revoke-token.js'
import type { SessionContext } from './context.js'

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
  context.drop('signed-out', null)
  try {
    await context.storage.end()
  } catch (error) {
    context.warn(error)
  }
  context.announce()
  if (!record) return { url: undefined, error: null }
  const { metadata, refreshToken, tokens } = record
  const revocations = [
    ...(refreshToken ? [[refreshToken, 'refresh_token'] as const] : []),
    ...Object.values(tokens).map(({ accessToken }) => [accessToken, 'access_token'] as const),
  ].map(([token, kind]) =>
    revokeToken(context.transport, metadata, context.clientId, token, kind),
  )
  const error = await withPatience(context, Promise.all(revocations))
  const url = endSessionUrl(metadata, context.clientId, record.idToken, postLogoutRedirectUri)
  return { url, error }
}

/** Why a task failed, if it did, other than that the provider wants a secret for it. */
function withPatience(context: SessionContext, task: Promise<unknown>): Promise<AuthError | null> {
  return new Promise((resolve) => {
    const cancel = context.schedule(PATIENCE, () =>
      resolve(new AuthError('timeout', 'The provider did not answer the revocation in time.')),
    )
    const settle = (error: AuthError | null) => {
      cancel()
      resolve(error)
    }
    task.then(
      () => settle(null),
      (error: AuthError) => settle(error.code === 'token_request_refused' ? null : error),
    )
  })
}
