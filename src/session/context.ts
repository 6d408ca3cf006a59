import type { AuthError } from '../errors.js'
import type { Transport } from '../protocol/transport.js'
import type { KeySource } from '../protocol/verify-id-token.js'
import type { Capability, TokenBinding } from '../types/capabilities.js'
import type { ProviderMetadata } from '../types/provider.js'
import type { AuthState, SignedOutReason } from '../types/state.js'
import type { SessionRecord, TokenRecord } from './records.js'
import type { SessionEvent } from './transition.js'

/** Where things are kept, sealed: see `storage/create-store.ts`. */
export interface SessionStore {
  readonly records: <Result>(change: (all: Map<string, unknown>) => Result) => Promise<Result>
  readonly get: (
    name: string,
    change?: (all: Map<string, unknown>) => void,
  ) => Promise<{ content: unknown; version: string } | undefined>
  readonly put: (
    name: string,
    content: unknown,
    guard?: (all: Map<string, unknown>) => boolean,
  ) => Promise<string | undefined>
}

/** The session that this page knows of. */
export interface Current extends SessionRecord {
  /** The version it is stored under; `undefined` where it is in memory only. */
  readonly version: string | undefined
}

/** What a session is made of. */
export interface SessionPorts {
  readonly clientId: string
  readonly store: SessionStore
  /**
   * Whether the session itself is stored, or lives in memory. Asking tries slow storage again, and notes
   * the warning if tabs cannot share.
   */
  readonly isStored: () => boolean
  /** Whether another provider answers at the same redirect URI. */
  readonly sharesRedirectUri: () => boolean
  /** A sign-out that may not have reached the database yet, see `isToEnd`; empty or `null` if none. */
  readonly pendingSignOut: () => string | null
  /** Notes it for all pages; `''` when the sign-out is done. */
  readonly notePendingSignOut: (note: string) => void
  readonly transport: Transport
  /**
   * Whether the network may be swallowing what is sent, as in a tunnel.
   *
   * @param doubtedAt see `Pace`
   */
  readonly isInDoubt: (doubtedAt: number) => boolean
  /** Returns the function that ends the watch, and says whether the page has begun to leave meanwhile. */
  readonly watchLeaving: () => () => boolean
  /** Binds tokens to a key, if the app wants that. */
  readonly binding: TokenBinding | undefined
  readonly push: Capability['push']
  /** Whether sign-ins without `openid` have a nonce too. */
  readonly nonceWithoutOpenid: boolean
  /**
   * Signs the user in again without asking them, if the app gave a way to. Resolves with the reason why
   * only the user can do it, and rejects with what may pass.
   */
  readonly signInSilently: ((tokenKey: string) => Promise<AuthError | undefined>) | undefined
  readonly metadata: () => Promise<ProviderMetadata>
  readonly keysOf: (metadata: ProviderMetadata) => KeySource
  readonly forgetProvider: () => void
  /** Runs one task at a time, over all tabs. */
  readonly lock: <Result>(task: () => Promise<Result>) => Promise<Result>
  /** Tells the other tabs that the session changed. */
  readonly announce: () => void
  /** Adds the hint that is known for this kind of provider. */
  readonly explain: (error: AuthError) => AuthError
}

/** What all parts of a session share. */
export interface SessionContext extends SessionPorts {
  readonly state: () => AuthState
  readonly dispatch: (event: SessionEvent) => void
  readonly current: () => Current | undefined
  /** Whether an access token may be sent. */
  readonly isUsable: (token: TokenRecord) => boolean
  /**
   * Makes `current` the page's session, without showing it yet. One exception: a session without an ID
   * token whose id is new may be another user's. The old one is then taken down and the new one shown at
   * once, unless this page signed it in itself (`isOwn`).
   *
   * @param since {@link ended} as it was when the work began
   * @throws {AuthError} `signed_out` if the page has dropped a session since
   */
  readonly hold: (current: Current, since?: number, isOwn?: boolean) => void
  /** Shows the session that is held, with an error that did not end it. */
  readonly show: (error?: AuthError | null, renewal?: 'idle' | 'expiring' | 'expired') => void
  /** Drops the page's session, and shows why. */
  readonly drop: (reason: SignedOutReason, error?: AuthError | null) => void
  /** How many sessions the page has dropped. */
  readonly ended: () => number
  /**
   * When this page last dropped a session that the user had signed out of, in whichever tab, in
   * milliseconds since the epoch; 0 if never.
   */
  readonly lastSignOut: () => number
  /**
   * Settles as the task does, or rejects at once if the user signs out first. The task goes on.
   *
   * @throws {AuthError} `signed_out`
   */
  readonly untilSignedOut: <Result>(task: Promise<Result>) => Promise<Result>
  /** Notes that storage failed, and the session goes on in memory; `null` that it works again. */
  readonly warn: (error: unknown) => void
  /** The last such note, shown or not. */
  readonly warning: () => AuthError | null
}
