import type { Current, SessionContext } from './context.js'
import { isStill } from './is-still.js'
import { RENEWABLE, SESSION } from './records.js'

/** How long a page has that the lock does not keep apart, in milliseconds: most take much less. */
const PATIENCE = 3_000
const nothing = () => {}

/**
 * Claims the refresh token of a session before it is sent. Returns what gives it back, if it could not be
 * used, or `undefined` if another page has just sent it.
 *
 * Pages share the database even where they share no lock: if the data of a site is deleted, as by
 * `Clear-Site-Data` after a sign-out, Chromium 156 keeps the locks of the pages that are open apart
 * from those of later ones. The claim ends when the renewed session is stored.
 */
export async function claimRenewal(
  context: SessionContext,
  session: Current,
): Promise<(() => void) | undefined> {
  const { store, isStored } = context
  const guard = isStill(context, session)
  const claim = (all: Map<string, unknown>) => {
    const now = Date.now()
    const known = all.get(RENEWABLE)
    if (!guard(all) || Math.abs(now - Number(known)) < PATIENCE) return undefined
    // A stored refresh token that is used up does not become the newest again.
    if (!known && all.has(SESSION)) return nothing
    all.set(RENEWABLE, now)
    const giveBack = (later: Map<string, unknown>) =>
      later.get(RENEWABLE) === now &&
      (known ? later.set(RENEWABLE, known) : later.delete(RENEWABLE))
    return () => void store.records(giveBack).catch(nothing)
  }
  return isStored() ? store.records(claim).catch(() => nothing) : nothing
}
