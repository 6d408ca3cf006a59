import { AuthError, signedOut } from '../errors.js'
import { revokeToken } from '../protocol/revoke-token.js'
import type { Current, SessionContext } from './context.js'
import { isSignedOut, isToEnd, REPLACED } from './is-to-end.js'
import {
  ARRIVAL,
  EPOCH,
  epochOf,
  PACE,
  RENEWABLE,
  readSessionRecord,
  SESSION,
  SESSION_ID,
  SESSION_SINCE,
  type SessionRecord,
  USED,
} from './records.js'
import { revokeSession } from './revoke-session.js'
import { tryTwice } from './try-twice.js'

/**
 * Reads the stored session, or `undefined` if there is none. If the storage fails, or was emptied behind
 * our back, the page's own session counts, with a warning.
 */
export async function loadSession(context: SessionContext): Promise<Current | undefined> {
  const { store, clientId, warn } = context
  if (!context.isStored()) return context.current()
  if (!(await finishPendingSignOut(context))) {
    const current = context.current()
    // Its sign-out, perhaps by another page, is what is pending.
    return current && isSignedOut(context.pendingSignOut(), current) ? undefined : current
  }
  try {
    let isRenewable = false
    let epoch: unknown
    const read = () =>
      store.get(SESSION, (all) => {
        isRenewable = all.has(RENEWABLE)
        epoch = all.get(EPOCH)
      })
    // Some browsers lose the connection for a moment. Without a second try, a refresh token that is used
    // up could be sent.
    const stored = await read().catch(read)
    const version = stored?.version
    const record = readSessionRecord(stored?.content, clientId, !!context.binding)
    const held = context.current()
    // If the last renewal could not be stored, the page knows better.
    const known = held?.version && held.version === version ? held : record
    if (known) {
      // A refresh token that another tab has used is not sent again: the provider would take it for a
      // stolen one.
      const isUsedUp = !isRenewable && known.refreshToken === record?.refreshToken
      return { ...known, version, refreshToken: isUsedUp ? undefined : known.refreshToken }
    }
    // Every sign-in and every sign-out leaves a count. If it is the count of a session that was never
    // stored, nobody has signed out since.
    const isOwn = !!held && !held.version && held.epoch === epoch
    if (epoch !== undefined && !isOwn) return undefined
  } catch (error) {
    warn(error)
    // The record could not be read, but it is not gone: the page's session still follows from it.
    return context.current()
  }
  const known = context.current()
  if (known) warn(new AuthError('storage_unavailable', 'The browser deleted what was stored.'))
  return known && { ...known, version: undefined }
}

/**
 * Stores a session and holds it, if `guard` agrees to what is stored. Tokens that came too late for
 * their session are revoked, as far as the provider lets us.
 *
 * @param before the session that this one follows. If storing fails it stays, but its refresh token is
 *   not used any more, unless it is the same
 * @param isSame whether it is certainly the same user's, as after a renewal
 * @returns the session as it is held now
 * @throws {AuthError} `signed_out` if the guard refused, or the user signed out on this page
 */
export async function storeSession(
  context: SessionContext,
  record: SessionRecord,
  guard: (all: Map<string, unknown>) => boolean,
  before?: Current,
  isSame = true,
): Promise<Current> {
  const { store } = context
  const since = context.ended()
  const held = context.current()
  // Another page may have signed out, and that not have reached the database yet.
  const isToBeDeleted = () => isSignedOut(context.pendingSignOut(), record)
  let version = before?.version
  let agreed = true
  try {
    if (context.isStored()) {
      const put = () =>
        store.put(
          SESSION,
          { ...record, version: undefined },
          (all) =>
            !isToBeDeleted() &&
            guard(all) &&
            !!all
              .set(RENEWABLE, 1)
              .set(EPOCH, record.epoch)
              .set(SESSION_ID, record.sessionId)
              .set(SESSION_SINCE, record.begunAt),
        )
      // A renewal whose first try did store something would be refused by its own guard.
      version = await (isSame ? put() : tryTwice(put))
      agreed = !!version
    } else agreed = await store.records(guard)
    if (version) context.warn(null)
  } catch (error) {
    context.warn(error)
    // The session of another user must not come back with a reload.
    if (!isSame) version = undefined
    const isReplaced = !isSame && before?.sessionId !== record.sessionId
    // Storing may have failed because storage is full; deleting works then all the same.
    if (before && (!isSame || before.refreshToken !== record.refreshToken)) {
      await store
        .records((all) => guard(all) && all.delete(isSame ? RENEWABLE : SESSION))
        // Neither worked: whoever can reach the database next deletes it.
        .catch(() => {
          if (isReplaced && before.version) context.notePendingSignOut(before.sessionId + REPLACED)
        })
    }
  }
  // If the user signed out on this page meanwhile, the record just written is gone. If the page has only
  // caught up with another tab, it is still there.
  const outlives = () =>
    !!held?.version &&
    !context.pendingSignOut() &&
    store.records((all) => versionOf(all) === version)
  const now = context.ended()
  if (agreed && !isToBeDeleted() && (now === since || (await outlives()))) {
    const stored = { ...record, version }
    context.hold(stored, now, true)
    // The session that was to be deleted is overwritten.
    if (version && !isToBeDeleted()) context.notePendingSignOut('')
    return stored
  }
  const { refreshToken } = record
  if (refreshToken) void revokeToken(context, record.metadata, refreshToken)
  throw signedOut()
}

const versionOf = (all: Map<string, unknown>) =>
  (all.get(SESSION) as { version?: string } | undefined)?.version

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
  const forget = () =>
    context.store.get(SESSION, (all) => {
      if (!empty(all)) return
      all.set(EPOCH, isSignOut ? Math.max(epochOf(all) + 1, Date.now()) : epochOf(all))
    })
  try {
    // Sign-ins under way must not outlive the sign-out because of a moment without a connection.
    const stored = await tryTwice(forget)
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

/**
 * Brings the page in line with the stored session: another tab may have signed in, renewed or signed
 * out. Returns whether there is one.
 */
export async function restoreSession(context: SessionContext): Promise<boolean> {
  const known = context.current()
  const since = context.ended()
  const stored = await loadSession(context)
  const state = context.state()
  const warning = context.warning()
  // A sign-in or sign-out on this page in the meantime is newer than what was read.
  if (context.current() !== known || context.ended() !== since) return !!context.current()
  if (stored) {
    context.hold(stored)
    const same = known && known.version === stored.version
    if (!same || state.status !== 'signed-in' || state.warning !== warning) context.show()
  } else if (known) context.drop('signed-out')
  else if (state.status === 'signed-out' && state.warning !== warning) {
    context.dispatch({ ...state, type: 'absent', warning })
  }
  return !!stored
}
