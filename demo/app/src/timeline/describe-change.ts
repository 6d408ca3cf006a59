import type { AuthState, SignedInState } from 'tessera-auth'
import { formatClock } from '../format.js'
import type { NewEvent } from './create-timeline.js'

/**
 * What a change of `auth.state` means, as events.
 *
 * @param own - Whether this tab asked for it; otherwise another tab or the tenant did.
 */
export function describeChange(
  before: AuthState,
  after: AuthState,
  own: boolean,
): readonly NewEvent[] {
  if (before.status === 'starting') return []
  if (before.status === 'signed-in' && after.status === 'signed-in') {
    return [...describeRenewal(before, after), ...describeTokens(before, after, own)]
  }
  if (after.status === 'signed-in') {
    return before.status === 'signing-in' && own
      ? []
      : [{ kind: 'tab', tone: 'good', title: 'Signed in in another tab' }]
  }
  if (before.status === 'signed-in' && after.status === 'signed-out') {
    if (after.reason === 'session-ended') {
      const detail = after.error?.code
      return [{ kind: 'end', tone: 'bad', title: 'The session ended', ...(detail && { detail }) }]
    }
    return own
      ? [{ kind: 'end', tone: 'good', title: 'Signed out of Tax eFile', detail: 'In every tab' }]
      : [{ kind: 'tab', tone: 'plain', title: 'Signed out in another tab' }]
  }
  return []
}

function describeRenewal(before: SignedInState, after: SignedInState): readonly NewEvent[] {
  if (before.renewal === after.renewal) return []
  const detail = after.error?.code
  if (after.renewal === 'retrying') {
    const title = 'Renewal did not get through, will try again'
    return [{ kind: 'renew', tone: 'bad', title, ...(detail && { detail }) }]
  }
  if (after.renewal === 'expiring') {
    return [{ kind: 'renew', tone: 'plain', title: 'Only you can renew this session' }]
  }
  if (after.renewal === 'expired') {
    return [{ kind: 'renew', tone: 'bad', title: 'The session has run out' }]
  }
  return []
}

function describeTokens(
  before: SignedInState,
  after: SignedInState,
  own: boolean,
): readonly NewEvent[] {
  if (before.user?.sub !== after.user?.sub) {
    return [{ kind: 'tab', tone: 'plain', title: 'Somebody else signed in in another tab' }]
  }
  if (before.expiresAt === after.expiresAt || after.expiresAt === null) return []
  const title =
    own || before.renewal === 'renewing' ? 'Renewed the session' : 'Renewed by another tab'
  return [{ kind: 'renew', tone: 'good', title, detail: `Until ${formatClock(after.expiresAt)}` }]
}
