import type { AuthError } from '../errors.js'
import type { AuthState, SignedInState, SignedOutReason } from '../types/state.js'

/** What can happen to a session. */
export type SessionEvent =
  /** There is a session: restored, signed in, renewed, changed by another tab, or past renewing. */
  | ({ readonly type: 'present' } & Pick<
      SignedInState,
      'user' | 'scope' | 'authorizationDetails' | 'expiresAt' | 'error' | 'warning'
    > & { readonly renewal?: 'idle' | 'expiring' | 'expired' })
  /** There is no session, or no longer. */
  | {
      readonly type: 'absent'
      readonly reason: SignedOutReason
      readonly error: AuthError | null
      readonly warning: AuthError | null
    }
  /** The user is being sent to the provider. */
  | { readonly type: 'leaving' }
  /** The user, or a hidden frame, did not reach the provider, or came back without a code. */
  | { readonly type: 'returned'; readonly error: AuthError; readonly warning: AuthError | null }
  /** A renewal has begun. */
  | { readonly type: 'renewing' }
  /** A renewal failed for a reason that may pass. */
  | { readonly type: 'delayed'; readonly error: AuthError }
  /** Only the user can renew the access token. */
  | { readonly type: 'lapsing'; readonly expired: boolean }
  /** Storage failed, or works again. */
  | { readonly type: 'warned'; readonly warning: AuthError | null }
  /** The page was away, and its session may be outdated; or without `openid`, it may be another user's. */
  | { readonly type: 'suspended' }

type Status = AuthState['status']
type Of<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>
type Row<From extends Status> = {
  readonly [Type in SessionEvent['type']]?: (
    event: Of<Type>,
    from: Extract<AuthState, { status: From }>,
  ) => AuthState
}

const present = ({ type, ...session }: Of<'present'>): AuthState => ({
  status: 'signed-in',
  renewal: 'idle',
  ...session,
})
const absent = ({ type, ...absence }: Of<'absent'>): AuthState => ({
  status: 'signed-out',
  ...absence,
})
const failed = ({ error, warning }: Of<'returned'>): AuthState => {
  const isSignedOut = error.code === 'signed_out'
  return {
    status: 'signed-out',
    reason: isSignedOut ? 'signed-out' : 'sign-in-failed',
    error: isSignedOut ? null : error,
    warning: error.code === 'storage_unavailable' ? error : warning,
  }
}

/** Each state that an event leads to. A pair that is not here changes nothing. */
export const TRANSITIONS: { readonly [From in Status]: Row<From> } = {
  starting: { present, absent },
  'signed-out': {
    present,
    absent,
    leaving: () => ({ status: 'signing-in' }),
    warned: ({ warning }, from) => ({ ...from, warning }),
    // The state already says why.
    returned: (event, from) =>
      /^(signed_out|session_expired)$/.test(event.error.code) ? from : failed(event),
  },
  'signing-in': { present, absent, returned: failed },
  'signed-in': {
    present,
    absent,
    returned: ({ error }, from) => ({ ...from, error }),
    // If only the user could renew it a moment ago, that stays to be seen until somebody can.
    renewing: (_, from) => (from.renewal === 'expiring' ? from : { ...from, renewal: 'renewing' }),
    // In the pause between two tries no request is made: the error of the last one stays.
    delayed: ({ error }, from) =>
      from.renewal === 'retrying' ? from : { ...from, renewal: 'retrying', error },
    lapsing: ({ expired }, from) => ({ ...from, renewal: expired ? 'expired' : 'expiring' }),
    warned: ({ warning }, from) => ({ ...from, warning }),
    suspended: () => ({ status: 'starting' }),
  },
}

/** The state after an event: frozen, and the very same object when nothing changes. */
export function transition(state: AuthState, event: SessionEvent): AuthState {
  const step = TRANSITIONS[state.status][event.type] as
    | ((event: SessionEvent, from: AuthState) => AuthState)
    | undefined
  if (!step) return state
  const next = step(event, state)
  const names = Object.keys(next) as (keyof AuthState)[]
  const same =
    names.length === Object.keys(state).length && names.every((name) => next[name] === state[name])
  return same ? state : Object.freeze(next)
}
