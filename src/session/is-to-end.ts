import { epochOf, SESSION, SESSION_ID, SESSION_SINCE, type SessionRecord } from './records.js'

/** Stands behind the id of a pending sign-out if nobody has signed out: another user has signed in. */
export const REPLACED = ' replaced'

/**
 * The note of a sign-out: the id of the session, empty if the page did not know of it yet, a space and
 * the time.
 */
export const noteOf = (time: number, sessionId = ''): string => `${sessionId} ${time}`

/**
 * Makes the guard that tells whether the stored session is the one whose sign-out is pending. A session
 * that began later, in whichever tab, is not. One that began earlier is: its sign-in may have been under
 * way.
 *
 * @param pending a {@link noteOf}, or the id of a session with {@link REPLACED} behind it
 */
export function isToEnd(pending: string): (all: Map<string, unknown>) => boolean {
  const [id, at] = pending.split(' ')
  const isEarlier = (since: unknown) => Number(at) >= 0 && !(Number(since) > Number(at))
  return (all) => {
    const epoch = epochOf(all)
    // Another page has carried it out: what is there has begun since. A count ahead of the clock does not
    // tell: the clock has been set back.
    if (!all.has(SESSION) && epoch > Number(at) && epoch <= Date.now()) return false
    return (!!id && all.get(SESSION_ID) === id) || isEarlier(all.get(SESSION_SINCE))
  }
}

/** Whether the user has signed out of a session that this page still has. */
export function isSignedOut(
  pending: string | null,
  { sessionId, begunAt }: Pick<SessionRecord, 'sessionId' | 'begunAt'>,
): boolean {
  // With a word instead of the time, nobody has signed out.
  if (!pending) return false
  const [id, at = 0] = pending.split(' ')
  return id === sessionId ? Number(at) >= 0 : begunAt <= Number(at)
}
