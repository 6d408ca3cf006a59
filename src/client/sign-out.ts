import { AuthError } from '../errors.js'
import { isProviderUrl } from '../protocol/is-provider-url.js'
import { endSession } from '../session/end-session.js'
import type { SignOutRequest, SignOutResult } from '../types/requests.js'
import type { Client } from './create-client.js'
import { forgetCallbacks } from './limit-sign-ins.js'

/** Ends the session here, and then at the provider, where it has a place for that. Never rejects. */
export async function signOut(client: Client, request: SignOutRequest): Promise<SignOutResult> {
  const { page, options, session } = client
  forgetCallbacks(page)
  const { url, error } = await endSession(session.context, options.postLogoutRedirectUri)
  if (request.local || !url) return { redirected: false, error }
  if (!isProviderUrl(url, options.allowLoopback)) {
    return {
      redirected: false,
      error: new AuthError('insecure_url', 'The provider is not https:.'),
    }
  }
  page.navigate(url)
  return { redirected: true, error }
}
