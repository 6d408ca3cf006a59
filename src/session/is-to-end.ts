import { SESSION_ID, SESSION_SINCE } from './records.js'

/**
 * Makes the guard that tells whether the stored session is the one whose sign-out is pending. A session
 * that began later, in whichever tab, is not.
 *
 * @param pending see `SessionPorts.pendingSignOut`
 */
export function isToEnd(pending: string): (all: Map<string, unknown>) => boolean {
  const [id, at] = pending.split(' ')
  return (all) => (id ? all.get(SESSION_ID) === id : !(Number(all.get(SESSION_SINCE)) > Number(at)))
}
