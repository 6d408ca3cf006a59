import { endSession } from '../session/end-session.js'
import type { SignOutRequest, SignOutResult } from '../types/requests.js'
import type { SignedOutReason } from '../types/state.js'
import type { Client } from './client.js'
import { forgetReturns } from './limit-sign-ins.js'

/** Ends the session here, and then at the provider, where it has a place for that. Never rejects. */
export async function signOut(
  { page, options, session }: Client,
  request: SignOutRequest,
  reason: SignedOutReason = 'signed-out',
): Promise<SignOutResult> {
  forgetReturns(page)
  const url = await endSession(session.context, options.postLogoutRedirectUri, reason)
  // Without a network the browser's own error page would take the place of the app.
  const redirected = !!url && !request.local && navigator.onLine
  if (redirected) page.navigate(url)
  return { redirected }
}
