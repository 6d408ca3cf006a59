import { AuthError } from '../errors.js'
import { revokeToken } from '../protocol/revoke-token.js'
import type { Current, SessionContext } from './context.js'
import {
  EPOCH,
  epochOf,
  RENEWABLE,
  readSessionRecord,
  SESSION,
  SESSION_ID,
  SESSION_SINCE,
  type SessionRecord,
  USED,
} from './records.js'
import { revokeSession } from './revoke-session.js'

/**
 * Reads the stored session. Where somebody emptied the storage behind our back, or it fails, the
 * page's own session counts, with a warning; `undefined` where there is none.
 */
export async function loadSession(context: SessionContext): Promise<Current | undefined> {
  const { store, clientId, warn } = context
  if (!context.isStored()) return context.current()
  if (!(await payDebt(context))) {
    const current = context.current()
    // Another page has ended it.
    return current?.sessionId === context.owed() ? undefined : current
  }
  try {
    let isRenewable = false
    let epoch: unknown
    const read = () =>
      store.get(SESSION, (all) => {
        isRenewable = all.has(RENEWABLE)
        epoch = all.get(EPOCH)
      })
    // Some browsers lose the connection in passing: what is used up must not be sent for that.
    const stored = await read().catch(read)
    const version = stored?.version
    const record = readSessionRecord(stored?.content, clientId, !!context.binding)
    const held = context.current()
    // Where the last renewal could not be stored, the page knows better.
    const known = held?.version && held.version === version ? held : record
    if (known) {
      // What another tab has used up is not sent again: the provider would take it for stolen.
      const isUsedUp = !isRenewable && known.refreshToken === record?.refreshToken
      return { ...known, version, refreshToken: isUsedUp ? undefined : known.refreshToken }
    }
    // Every sign-in and every sign-out leaves a count behind. Where it is the session's own, which was
    // never stored, nobody has signed out since.
    const isOwn = !!held && !held.version && held.epoch === epoch
    if (epoch !== undefined && !isOwn) return undefined
  } catch (error) {
    warn(error)
    // What is stored is unread and not gone: this still is what follows from it.
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
 * @param before the session that this one follows; where storing fails it stays, but its refresh
 *   token is not used any more, unless it is the same
 * @param isSame whether it is the same user's for sure, as after a renewal
 * @throws {AuthError} `signed_out` where the guard refused, or the user signed out here
 */
export async function storeSession(
  context: SessionContext,
  record: SessionRecord,
  guard: (all: Map<string, unknown>) => boolean,
  before?: Current,
  isSame = true,
): Promise<void> {
  const { store } = context
  const since = context.ended()
  const held = context.current()
  // Another page may have ended it, and its database not have heard of that yet.
  const isOwed = () => context.owed() === record.sessionId
  let version = before?.version
  let agreed = true
  try {
    if (context.isStored()) {
      version = await store.put(
        SESSION,
        { ...record, version: undefined },
        (all) =>
          !isOwed() &&
          guard(all) &&
          !!all
            .set(RENEWABLE, 1)
            .set(EPOCH, record.epoch)
            .set(SESSION_ID, record.sessionId)
            .set(SESSION_SINCE, record.begunAt),
      )
      agreed = !!version
    } else agreed = await store.records(guard)
    if (version) context.warn(null)
  } catch (error) {
    context.warn(error)
    // Of another user nothing is to come back with a reload.
    if (!isSame) version = undefined
    // Storing may have failed because storage is full; deleting works then all the same.
    if (before && (!isSame || before.refreshToken !== record.refreshToken)) {
      await store
        .records((all) => guard(all) && all.delete(isSame ? RENEWABLE : SESSION))
        .catch(() => {})
    }
  }
  // If the user signed out on this page meanwhile, the record just written is gone. If the page has only
  // caught up with another tab, it is still there.
  const outlives = () =>
    !!held?.version && !context.owed() && store.records((all) => versionOf(all) === version)
  const now = context.ended()
  if (agreed && !isOwed() && (now === since || (await outlives()))) {
    context.hold({ ...record, version }, now, true)
    // What was to be deleted is overwritten.
    if (version && !isOwed()) context.owe('')
    return
  }
  const { refreshToken } = record
  if (refreshToken) void revokeToken(context, record.metadata, refreshToken)
  throw signedOut()
}

const versionOf = (all: Map<string, unknown>) =>
  (all.get(SESSION) as { version?: string } | undefined)?.version

/** What becomes of that which a sign-out has overtaken. */
export const signedOut = (): AuthError =>
  new AuthError('signed_out', 'The user signed out in the meantime.')

/** What goes with a session that the user has not ended: a sign-in under way needs the rest. */
const OF_SESSION = /^(session|renewable|pace|arrival )/

/**
 * Empties the store, if `guard` agrees to what is stored. Where the user wanted that, sign-ins and
 * renewals under way come to nothing; where she did not (`isSignOut`), a sign-in under way goes on.
 * Returns the session that was deleted: another tab may have renewed it a moment ago.
 */
export async function forgetSession(
  context: SessionContext,
  guard: (all: Map<string, unknown>) => boolean,
  isSignOut = true,
): Promise<SessionRecord | undefined> {
  const owed = context.owed()
  let agreed = false
  const empty = (all: Map<string, unknown>) => {
    agreed = guard(all)
    for (const name of agreed ? [...all.keys()] : []) {
      if (isSignOut ? name !== EPOCH && !name.startsWith(USED) : OF_SESSION.test(name)) {
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
    // Some browsers lose the connection in passing: sign-ins under way are not to outlive it for that.
    const stored = await forget().catch((error: AuthError) => {
      if (error.retryable) throw error
      return forget()
    })
    if (agreed || isSignOut) settleDebt(context, owed)
    if (!agreed) return undefined
    return readSessionRecord(stored?.content, context.clientId, !!context.binding)
  } catch (error) {
    context.warn(error)
    // Where there is no room for the count, what is there can still be deleted.
    await context.store
      .records(empty)
      .then((deleted) => (deleted || isSignOut) && settleDebt(context, owed))
      .catch(() => {})
    return undefined
  }
}

/**
 * Ends the session that `guard` agrees to, because the provider has.
 *
 * @throws {AuthError} `signed_out` where it was over before: who has signed out is not to be sent to
 *   sign in because her refresh token is refused now
 */
export async function endRefused(
  context: SessionContext,
  guard: (all: Map<string, unknown>) => boolean,
): Promise<void> {
  let isOurs = true
  const look = (all: Map<string, unknown>) => {
    isOurs = guard(all)
    return isOurs
  }
  await forgetSession(context, look, false)
  if (!isOurs) throw signedOut()
}

/**
 * Makes up for a sign-out that the database failed, or whose page went away before it was through.
 * Returns whether nothing is owed any more: until then, what is stored is not to be shown.
 */
export async function payDebt(context: SessionContext): Promise<boolean> {
  const owed = context.owed()
  if (owed) {
    // A later session, in whichever tab, is none of this.
    const ended = await forgetSession(context, (all) => all.get(SESSION_ID) === owed)
    // It may be newer than what the other page knew, and that page gone.
    if (ended) void revokeSession(context, ended)
    // Not before: of two tabs with the same debt each would make the other try again, for ever.
    if (context.owed()) return false
    context.announce()
  }
  return true
}

// What worked on records in the memory of the page has deleted nothing, and what was noted meanwhile is
// another session.
const settleDebt = ({ isStored, owed, owe }: SessionContext, known: string | null) =>
  isStored() && owed() === known && owe('')

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
  // Whoever signed in or out here in the meantime knows better than what was read before.
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
