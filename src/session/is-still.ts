import type { Current, SessionContext } from './context.js'
import { EPOCH, SESSION } from './records.js'

/** Whether what is stored still is a session, as it was read. */
export function isStill(
  context: SessionContext,
  { version, sessionId }: Current,
): (all: Map<string, unknown>) => boolean {
  const isStored = context.isStored()
  return (all) => {
    const stored = all.get(SESSION) as { version?: string } | undefined
    // Who signs out leaves a count; without one somebody has emptied the storage behind our back.
    const isEmptied = !stored && !all.has(EPOCH)
    if (version && !isEmptied) return stored?.version === version
    // One that is kept in memory only is over when the page has let it go, or has another one. What was
    // stored when the app had another `persistence` is none of this.
    return !(stored && isStored) && context.current()?.sessionId === sessionId
  }
}
