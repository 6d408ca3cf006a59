import { redirect } from '../navigation/redirect.js'
import { atMost, endSession } from '../session/end-session.js'
import type { SignOutRequest, SignOutResult } from '../types/requests.js'
import type { SignedOutReason } from '../types/state.js'
import type { Client } from './client.js'
import { noteSignOut } from './limit-sign-ins.js'

/** The longest that a sign-out waits for what is found at the start, in milliseconds. */
const PATIENCE = 2_000

/** Signs out at once where it is known whether anybody is signed in: no token is given out any more. */
export function signOutSoon(
  client: Client,
  request: SignOutRequest,
  start: () => Promise<unknown>,
): Promise<SignOutResult> {
  client.signOuts++
  const end = () => {
    client.closing.signal.throwIfAborted()
    return signOut(client, request)
  }
  if (client.session.state().status !== 'starting') return signOut(client, request)
  // A code that is being redeemed may be what there is to end.
  const ending = atMost(PATIENCE, start()).then(end)
  // Who wants to sign in after it does not begin before it.
  client.ending = ending
  client.endedAt = Date.now()
  return ending
}

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
        // Without a network the browser's own error page would take the place of the app, and a client
        // that is closed sends nobody away.
        const stays =
          request.local || globalThis.navigator?.onLine === false || client.closing.signal.aborted
        const redirected = !!url && !stays
        resolve({ redirected })
        return redirected && redirect(page.navigate, page.on, url, client.closing.signal)
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
