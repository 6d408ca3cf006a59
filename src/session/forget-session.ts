import type { SessionContext } from './context.js'
import { isToEnd, REPLACED } from './is-to-end.js'
import {
  ARRIVAL,
  EPOCH,
  epochOf,
  PACE,
  RENEWABLE,
  readSessionRecord,
  SESSION,
  type SessionRecord,
  USED,
} from './records.js'
import { revokeSession } from './revoke-session.js'

/**
 * What is deleted with a session that the user did not end; a sign-in under way needs the rest. The name
 * of the session is also the beginning of those of its id and its time.
 */
const OF_SESSION = [SESSION, RENEWABLE, PACE, ARRIVAL]

/**
 * Empties the store, if `guard` agrees to what is stored, and returns the session that was deleted:
 * another tab may have renewed it a moment ago.
 *
 * @param isSignOut whether the user signed out: sign-ins and renewals under way then come to nothing.
 *   Otherwise a sign-in under way goes on
 * @param isPending whether a sign-out that is pending is done, also if `guard` did not agree
 */
export async function forgetSession(
  context: SessionContext,
  guard: (all: Map<string, unknown>) => boolean,
  isSignOut = true,
  isPending: boolean = isSignOut,
): Promise<SessionRecord | undefined> {
  const pending = context.pendingSignOut()
  let agreed = false
  const empty = (all: Map<string, unknown>) => {
    agreed = guard(all)
    for (const name of agreed ? [...all.keys()] : []) {
      const isOfSession = OF_SESSION.some((prefix) => name.startsWith(prefix))
      if (isSignOut ? name !== EPOCH && !name.startsWith(USED) : isOfSession) {
        all.delete(name)
      }
    }
    return agreed
  }
  try {
    const stored = await context.store.get(SESSION, (all) => {
      if (!empty(all)) return
      all.set(EPOCH, isSignOut ? Math.max(epochOf(all) + 1, Date.now()) : epochOf(all))
    })
    if (agreed || isPending) clearPendingSignOut(context, pending)
    if (!agreed) return undefined
    return readSessionRecord(stored?.content, context.clientId, !!context.binding)
  } catch (error) {
    context.warn(error)
    // Even if there is no room for the count, the records can still be deleted.
    await context.store
      .records(empty)
      .then((deleted) => (deleted || isPending) && clearPendingSignOut(context, pending))
      .catch(() => {})
    return undefined
  }
}

/**
 * Finishes a sign-out that the database failed, or whose page was closed before it was done. Returns
 * whether none is pending any more: until then, the stored session must not be shown.
 */
export async function finishPendingSignOut(context: SessionContext): Promise<boolean> {
  const pending = context.pendingSignOut()
  // Where the session is not stored, there is nothing to delete but sign-ins under way.
  if (pending && context.isStored()) {
    const isSignOut = !pending.endsWith(REPLACED)
    const ended = await forgetSession(context, isToEnd(pending), isSignOut, true)
    // It may have a newer refresh token than the other page knew of, and that page may be gone.
    if (ended) void revokeSession(context, ended)
    // Not announced before it is done: two tabs that both fail would make each other try for ever.
    if (context.pendingSignOut()) return false
    context.announce()
  }
  return true
}

// Work on records in the page's memory has deleted nothing, and a newer note is about another session:
// neither clears anything.
const clearPendingSignOut = (context: SessionContext, known: string | null) =>
  context.isStored() && context.pendingSignOut() === known && context.notePendingSignOut('')
