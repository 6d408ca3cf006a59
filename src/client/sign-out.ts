import { redirect } from '../navigation/redirect.js'
import { endSession } from '../session/end-session.js'
import type { SignOutRequest, SignOutResult } from '../types/requests.js'
import type { SignedOutReason } from '../types/state.js'
import type { Client } from './client.js'
import { noteSignOut } from './limit-sign-ins.js'

/** Ends the session here, and then at the provider, where it has a place for that. Never rejects. */
export function signOut(
  client: Client,
  request: SignOutRequest,
  reason: SignedOutReason = 'signed-out',
): Promise<SignOutResult> {
  const { page, options, session } = client
  noteSignOut(client)
  const ended = endSession(session, options.postLogoutRedirectUri, reason)
  return new Promise((resolve) => {
    const ending = ended
      .then((url) => {
        // Without a network the browser's own error page would take the place of the app.
        const redirected = !!url && !request.local && navigator.onLine
        resolve({ redirected })
        return redirected && redirect(page.navigate, page.on, url)
      })
      .finally(() => {
        if (client.ending === ending) client.ending = undefined
      })
    // For whoever wants to sign in meanwhile, if anybody.
    ending.catch(() => {})
    if (request.local) return
    client.ending = ending
    client.endedAt = Date.now()
  })
}
