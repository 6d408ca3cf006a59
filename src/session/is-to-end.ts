import { SESSION_ID, SESSION_SINCE, type SessionRecord } from './records.js'

/** Stands behind the id of a pending sign-out if nobody has signed out: another user has signed in. */
export const REPLACED = ' replaced'

/** The note of a sign-out by a page that did not know of the session yet: a space and the time of it. */
export const noteOf = (time: number): string => ` ${time}`

/**
 * Makes the guard that tells whether the stored session is the one whose sign-out is pending. A session
 * that began later, in whichever tab, is not.
 *
 * @param pending the id of a session, perhaps with {@link REPLACED} behind it, or a {@link noteOf}
 */
export function isToEnd(pending: string): (all: Map<string, unknown>) => boolean {
  const [id, at] = pending.split(' ')
  return (all) => (id ? all.get(SESSION_ID) === id : !(Number(all.get(SESSION_SINCE)) > Number(at)))
}

/** Whether the user has signed out of a session that this page still has. */
export function isSignedOut(
  pending: string | null,
  { sessionId, begunAt }: Pick<SessionRecord, 'sessionId' | 'begunAt'>,
): boolean {
  return pending === sessionId || (!!pending?.startsWith(' ') && begunAt <= Number(pending))
}
