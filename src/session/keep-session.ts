import { AuthError, signedOut } from '../errors.js'
import { revokeToken } from '../protocol/revoke-token.js'
import type { Current, SessionContext } from './context.js'
import { finishPendingSignOut } from './forget-session.js'
import { isSignedOut, REPLACED } from './is-to-end.js'
import {
  EPOCH,
  RENEWABLE,
  readSessionRecord,
  SESSION,
  SESSION_ID,
  SESSION_SINCE,
  type SessionRecord,
  versionOf,
} from './records.js'

/** What a look at the store came to. */
interface Found {
  readonly session?: Current | undefined
  /** Whether the provider has ended the page's session: nobody has signed out of it. */
  readonly hasEnded?: boolean
}

/**
 * Reads the stored session, or `undefined` if there is none. If the storage fails, or was emptied behind
 * our back, the page's own session counts, with a warning.
 */
export async function loadSession(context: SessionContext): Promise<Current | undefined> {
  return (await findSession(context)).session
}

async function findSession(context: SessionContext): Promise<Found> {
  if (!context.isStored()) return { session: context.current() }
  const found = await readSession(context)
  const { session } = found
  // Its sign-out, perhaps by another page, may be pending, or have come while a slow database was read.
  return session && isSignedOut(context.pendingSignOut(), session) ? {} : found
}

async function readSession(context: SessionContext): Promise<Found> {
  const { store, clientId, warn } = context
  if (!(await finishPendingSignOut(context))) return { session: context.current() }
  try {
    let isThere = false
    let isRenewable = false
    let epoch: unknown
    const stored = await store.get(SESSION, (all) => {
      isThere = all.has(SESSION)
      isRenewable = all.has(RENEWABLE)
      epoch = all.get(EPOCH)
    })
    const version = stored?.version
    const record = readSessionRecord(stored?.content, clientId, !!context.binding)
    const held = context.current()
    // If the last renewal could not be stored, the page knows better.
    const known = held?.version && held.version === version ? held : record
    if (known) {
      // A refresh token that another tab has used is not sent again: the provider would take it for a
      // stolen one.
      const isUsedUp = !isRenewable && known.refreshToken === record?.refreshToken
      const refreshToken = isUsedUp ? undefined : known.refreshToken
      return { session: { ...known, version, refreshToken } }
    }
    // Every sign-in and every sign-out leaves a count. If it is the count of a session that was never
    // stored, nobody has signed out since.
    const isSame = !!held && held.epoch === epoch
    if (epoch !== undefined && !(isSame && !held.version)) return { hasEnded: isSame && !isThere }
  } catch (error) {
    warn(error)
    // The record could not be read, but it is not gone: the page's session still follows from it.
    return { session: context.current() }
  }
  const known = context.current()
  if (known) warn(new AuthError('storage_unavailable', 'The browser deleted what was stored.'))
  return { session: known && { ...known, version: undefined } }
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
      version = await store.put(
        SESSION,
        record,
        (all) =>
          !isToBeDeleted() &&
          guard(all) &&
          !!all
            .set(RENEWABLE, 1)
            .set(EPOCH, record.epoch)
            .set(SESSION_ID, record.sessionId)
            .set(SESSION_SINCE, record.begunAt),
      )
      agreed = !!version
    } else agreed = await store.records(guard)
    // A database that was given another chance may have failed again, and memory have replaced it.
    if (version && context.isStored()) context.warn(null)
  } catch (error) {
    context.warn(error)
    // Nobody could look at the count of sign-outs, but the page knows of those that it has heard of.
    agreed = !isOvertaken(context, record, held)
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
  const { metadata, refreshToken } = record
  // The session before may have the same, and that may be in use.
  const isNew = refreshToken !== before?.refreshToken
  if (refreshToken && isNew) void revokeToken(context, metadata, refreshToken)
  throw signedOut()
}

/** Whether this page knows of a sign-out since the sign-in of a session that it does not hold. */
const isOvertaken = (
  { lastSignOut }: SessionContext,
  { sessionId, begunAt }: SessionRecord,
  held: Current | undefined,
) => sessionId !== held?.sessionId && begunAt <= lastSignOut()

/**
 * Brings the page in line with the stored session: another tab may have signed in, renewed or signed
 * out. Returns whether there is one.
 */
export async function restoreSession(context: SessionContext): Promise<boolean> {
  const known = context.current()
  const since = context.ended()
  const { session: stored, hasEnded } = await findSession(context)
  const { status } = context.state()
  // A sign-out on this page in the meantime is newer than what was read. What a renewal has taken over
  // may be older.
  if (context.ended() !== since) return !!context.current()
  if (context.current() !== known) return restoreSession(context)
  if (stored) {
    context.hold(stored)
    const isSame = known?.version === stored.version
    if (!isSame || status !== 'signed-in') context.show()
  } else if (known) context.drop(hasEnded ? 'session-ended' : 'signed-out')
  context.dispatch({ type: 'warned', warning: context.warning() })
  return !!stored
}
