import type { AuthState, SignedInState } from 'tessera-auth'
import { formatClock } from '../format.js'
import type { NewEvent } from './create-timeline.js'

/** How a change came about. */
export interface ChangeCause {
  /** Whether this tab asked for it; otherwise another tab or the tenant did. */
  readonly own: boolean
  /** Whether a hidden frame has brought it. */
  readonly isFramed: boolean
}

/** What a change of `auth.state` means, as events. */
export function describeChange(
  before: AuthState,
  after: AuthState,
  cause: ChangeCause,
): readonly NewEvent[] {
  const { own } = cause
  if (before.status === 'starting') return []
  if (before.status === 'signed-in' && after.status === 'signed-in') {
    return [...describeRenewal(before, after), ...describeTokens(before, after, cause)]
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
  { own, isFramed }: ChangeCause,
): readonly NewEvent[] {
  if (before.user?.sub !== after.user?.sub) {
    return [{ kind: 'tab', tone: 'plain', title: 'Somebody else signed in in another tab' }]
  }
  if (before.expiresAt === after.expiresAt || after.expiresAt === null) return []
  const here = isFramed ? 'Renewed in a hidden frame' : 'Renewed the session'
  const title = own || before.renewal === 'renewing' ? here : 'Renewed by another tab'
  return [{ kind: 'renew', tone: 'good', title, detail: `Until ${formatClock(after.expiresAt)}` }]
}
