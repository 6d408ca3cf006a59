import { AuthError } from '../errors.js'
import { endSession } from '../session/end-session.js'
import type { SignOutRequest, SignOutResult } from '../types.js'
import type { Client } from './create-client.js'

/** Ends the session here, and then at the provider, where it has a place for that. Never rejects. */
export async function signOut(client: Client, request: SignOutRequest): Promise<SignOutResult> {
  const { context } = client.session
  const { page } = client.platform
  const { url, error } = await endSession(context, client.options.postLogoutRedirectUri)
  if (request.local || !url) return { redirected: false, error }
  const { protocol } = new URL(url)
  if (protocol !== 'https:' && !client.options.allowLoopback) {
    return {
      redirected: false,
      error: new AuthError('insecure_url', "The provider's end_session_endpoint is not https:."),
    }
  }
  page.navigate(url)
  return { redirected: true, error }
}
