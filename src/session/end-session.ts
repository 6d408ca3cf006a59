import { endSessionUrl } from '../protocol/end-session-url.js'
import { revokeToken } from '../protocol/revoke-token.js'
import type { SignedOutReason } from '../types/state.js'
import type { SessionContext } from './context.js'
import { forgetSession } from './keep-session.js'

/** The longest that revocation may hold up a sign-out, in milliseconds. */
const PATIENCE = 2_000

/**
 * Ends the session: in this page at once, then in the store and in every other tab, and last, as
 * far as the provider lets us, its tokens. Never rejects. Returns where to sign out at the provider,
 * if there is a session and a place for that.
 */
export async function endSession(
  context: SessionContext,
  postLogoutRedirectUri: string | undefined,
  reason: SignedOutReason,
): Promise<string | undefined> {
  const known = context.current()?.record
  context.drop(reason)
  const record = (await forgetSession(context)) ?? known
  context.announce()
  if (!record) return undefined
  const { metadata, refreshToken, idToken, tokens } = record
  const token = refreshToken ?? tokens['']?.accessToken
  if (token) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE)
      revokeToken(context, metadata, token)
        .catch(() => {})
        .finally(() => {
          clearTimeout(timer)
          resolve()
        })
    })
  }
  return endSessionUrl(metadata, context.clientId, idToken, postLogoutRedirectUri)
}
