import type { Current, SessionContext } from './context.js'
import { EPOCH, versionOf } from './records.js'

/** Makes the guard that tells whether the stored session is still the one that was read. */
export function isStill(
  context: SessionContext,
  { version, sessionId }: Current,
): (all: Map<string, unknown>) => boolean {
  const isStored = context.isStored()
  return (all) => {
    const stored = versionOf(all)
    // A sign-out leaves a count. Without one, the storage was emptied behind our back.
    const isEmptied = !stored && !all.has(EPOCH)
    if (version && !isEmptied) return stored === version
    // A session in memory is over when the page has dropped it, or has another one. A session that was
    // stored while the app had another `persistence` does not count.
    return !(stored && isStored) && context.current()?.sessionId === sessionId
  }
}
