import { redirect } from '../navigation/redirect.js'
import { atMost, endSession } from '../session/end-session.js'
import { noteOf } from '../session/is-to-end.js'
import type { SignOutRequest, SignOutResult } from '../types/requests.js'
import type { SignedOutReason } from '../types/state.js'
import type { Client } from './client.js'
import { noteSignOut } from './limit-sign-ins.js'

/** The longest that a sign-out waits for the client to start, in milliseconds. */
const PATIENCE = 2_000

/** Signs out: at once if the client has started, so that no token is given out any more; else after it. */
export function signOutSoon(
  client: Client,
  request: SignOutRequest,
  start: () => Promise<unknown>,
): Promise<SignOutResult> {
  client.signOuts++
  if (client.session.state().status !== 'starting') return signOut(client, request)
  const { page, session } = client
  const at = Date.now()
  // If the page goes away before, the next one ends the stored session, whichever it is.
  const stop = page.on('hidden', () => {
    if (client.closing.signal.aborted || !session.isStored()) return
    session.notePendingSignOut(noteOf(at))
    session.announce()
  })
  const end = () => {
    client.ending = undefined
    client.closing.signal.throwIfAborted()
    return signOut(client, request)
  }
  // The start may be redeeming a code, whose session is then the one to end.
  client.ending = atMost(PATIENCE, start()).finally(stop)
  // Runs before all that wait for the same.
  const done = client.ending.then(end)
  // A sign-in that is requested after it must not begin before it.
  client.signingOut = { at, done }
  return done
}

/** Ends the session here, and then at the provider, if it has a place for that. Never rejects. */
export function signOut(
  client: Client,
  request: SignOutRequest,
  reason: SignedOutReason = 'signed-out',
): Promise<SignOutResult> {
  const { page, options, session, closing } = client
  // After a double click, say, the second finds no session: it comes to what the first does.
  const before = session.current() ? undefined : client.signingOut
  noteSignOut(client)
  const ended = endSession(session, options.postLogoutRedirectUri, reason).then((url) => {
    // Without a network the browser's own error page would replace the app, a closed client does not
    // navigate, and a worker cannot.
    const canLeave = globalThis.document && globalThis.navigator?.onLine !== false
    return canLeave && !request.local && !closing.signal.aborted ? url : undefined
  })
  const result = ended.then((url) => (!url && before?.result) || { redirected: !!url })
  const done: Promise<unknown> = ended
    .then((url) => (url ? redirect(client.leave, page.on, url, closing.signal) : before?.done))
    .finally(() => {
      if (client.signingOut?.done === done) client.signingOut = undefined
    })
  // Only a sign-in that waits for it hears of its failure.
  done.catch(() => {})
  if (!request.local) client.signingOut = { at: before?.at ?? Date.now(), done, result }
  return result
}
