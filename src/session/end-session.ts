import { endSessionUrl } from '../protocol/end-session-url.js'
import type { SignedOutReason } from '../types/state.js'
import type { SessionContext } from './context.js'
import { forgetSession } from './forget-session.js'
import { noteOf } from './is-to-end.js'
import { SESSION_ID, SESSION_SINCE } from './records.js'
import { revokeSession } from './revoke-session.js'

/** The longest that the database may hold up a sign-out, and then revocation, in milliseconds. */
const PATIENCE_WITH_DATABASE = 1_000
const PATIENCE = 2_000
/** How long it takes until other pages can read a note, in milliseconds. */
const PATIENCE_WITH_NOTE = 200

/**
 * Ends the session: on this page at once, then in the store and in every other tab, and last it revokes
 * its tokens, if the provider lets us. Never rejects. Returns where to sign out at the provider, if
 * there is a session and the provider has a place for that.
 */
export async function endSession(
  context: SessionContext,
  postLogoutRedirectUri: string | undefined,
  reason: SignedOutReason,
): Promise<string | undefined> {
  const known = context.current()
  const at = Date.now()
  // Noted before anything can fail, or the page is closed.
  if (known?.version) context.notePendingSignOut(noteOf(at, known.sessionId))
  // The database may have been too slow for this page to know of one.
  else if (!known && context.state().status === 'starting' && context.isStored()) {
    context.notePendingSignOut(noteOf(at))
  }
  context.drop(reason)
  const shown = context.state()
  // The database may be so slow that somebody has signed in since. A sign-in that was under way before
  // does not count, nor does a renewal.
  const isOwn = (all: Map<string, unknown>) =>
    all.get(SESSION_ID) === known?.sessionId || !(Number(all.get(SESSION_SINCE)) > at)
  const forgetting = forgetSession(context, isOwn).finally(() => {
    if (context.pendingSignOut() && context.state() === shown) context.drop(reason)
    context.announce()
  })
  const stored = await atMost(PATIENCE_WITH_DATABASE, forgetting)
  const record = stored ?? known
  // Another tab may have renewed it since; that is known when the database answers.
  if (!stored) void forgetting.then((late) => late && revokeSession(context, late, record))
  // If the database is too slow for this page, another page may finish it.
  if (context.pendingSignOut()) context.announce()
  if (!record) return undefined
  await atMost(PATIENCE, revokeSession(context, record))
  if (context.pendingSignOut()) {
    // In Firefox, the message reaches another page before that page can read the note.
    await new Promise((resolve) => setTimeout(resolve, PATIENCE_WITH_NOTE))
    context.announce()
  }
  return endSessionUrl(record.metadata, context.clientId, record.idToken, postLogoutRedirectUri)
}

/** Waits for a task, but no longer than `patience`, in milliseconds. */
export function atMost<Result>(
  patience: number,
  task: Promise<Result>,
): Promise<Result | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patience)
  })
  return Promise.race([task, over]).finally(() => clearTimeout(timer))
}
