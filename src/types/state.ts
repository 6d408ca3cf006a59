import type { AuthError } from '../errors.js'
import type { AuthorizationDetail, UserClaims } from './provider.js'

/** How the renewal of the access token is doing. */
export type Renewal =
  /** Nothing to do. */
  | 'idle'
  /** A renewal is under way. */
  | 'renewing'
  /** The last renewal failed; it will be tried again, and the session stays. */
  | 'retrying'
  /** The access token expires soon, and only the user can renew it: `auth.signIn()`. */
  | 'expiring'
  /** The access token has expired, and only the user can renew it: `auth.signIn()`. */
  | 'expired'

/** Why nobody is signed in. */
export type SignedOutReason =
  /** There is no session. */
  | 'no-session'
  /** The last sign-in did not succeed; `error` says why. */
  | 'sign-in-failed'
  /** The user signed out, here or in another tab. */
  | 'signed-out'
  /** The user did nothing for as long as the app allows: `tessera-auth/idle`. */
  | 'idle'
  /** The provider ended the session, or its key is gone; `error` says why in the tab that found out. */
  | 'session-ended'

/**
 * Before `auth.start()` has finished, or while a page that comes out of the back/forward cache reads the
 * session again.
 */
export interface StartingState {
  /** Tells this state from the others. */
  readonly status: 'starting'
}

/** Nobody is signed in. */
export interface SignedOutState {
  /** Tells this state from the others. */
  readonly status: 'signed-out'
  /** Why nobody is signed in. */
  readonly reason: SignedOutReason
  /**
   * What went wrong, with the reasons `'sign-in-failed'` and `'session-ended'`. `null` with the latter in
   * tabs that have only heard of it.
   */
  readonly error: AuthError | null
  /** Set if the browser stores nothing for this page (`storage_unavailable`). */
  readonly warning: AuthError | null
}

/** The user is on the way to the provider. */
export interface SigningInState {
  /** Tells this state from the others. */
  readonly status: 'signing-in'
}

/**
 * A user is signed in. If each API has an access token of its own, the members about an access token are
 * about the session's own, or without one about that of the first sign-in.
 */
export interface SignedInState<Claims = UserClaims> {
  /** Tells this state from the others. */
  readonly status: 'signed-in'
  /** Claims of the verified ID token; `null` in a plain OAuth 2.0 session. */
  readonly user: Claims | null
  /** The granted scopes, which may be fewer than those requested. */
  readonly scope: readonly string[]
  /**
   * The authorization details that were granted (RFC 9396 §7). They may be fewer than those requested, or
   * have more members. Empty if the provider names none.
   */
  readonly authorizationDetails: readonly AuthorizationDetail[]
  /** When the access token expires, in milliseconds since the epoch; `null` if the provider does not say. */
  readonly expiresAt: number | null
  /** How the renewal of the access token is doing. */
  readonly renewal: Renewal
  /** Why the last renewal, sign-in or callback failed; the session is not affected. */
  readonly error: AuthError | null
  /** Set when the session is kept in memory only, against the options (`storage_unavailable`). */
  readonly warning: AuthError | null
}

/**
 * An immutable snapshot, discriminated by `status`: the other members are there to be read once
 * `status` has been compared. It holds no token.
 */
export type AuthState<Claims = UserClaims> =
  | StartingState
  | SignedOutState
  | SigningInState
  | SignedInState<Claims>
