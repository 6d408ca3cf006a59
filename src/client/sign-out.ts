import { endSession } from '../session/end-session.js'
import type { SignOutRequest, SignOutResult } from '../types/requests.js'
import type { Client } from './client.js'
import { forgetReturns } from './limit-sign-ins.js'

/** Ends the session here, and then at the provider, where it has a place for that. Never rejects. */
export async function signOut(
  { page, options, session }: Client,
  request: SignOutRequest,
): Promise<SignOutResult> {
  forgetReturns(page)
  const url = await endSession(session.context, options.postLogoutRedirectUri)
  const redirected = !!url && !request.local
  if (redirected) page.navigate(url)
  return { redirected }
}
