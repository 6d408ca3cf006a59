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
  /** Whether the session itself is stored, or lives in memory. */
  readonly isStored: () => boolean
  /** Whether another provider answers at the same redirect URI. */
  readonly isShared: () => boolean
  /**
   * The session that was to be deleted and may not be yet, by whichever page; empty where all is
   * done.
   */
  readonly owed: () => string | null
  readonly owe: (sessionId: string) => void
  readonly transport: Transport
  /** Binds tokens to a key, where the app wants that. */
  readonly binding: TokenBinding | undefined
  readonly push: Capability['push']
  /** Whether sign-ins without `openid` have a nonce too. */
  readonly nonceWithoutOpenid: boolean
  /** Asks the provider for a new code without the user, where the app gave a way. */
  readonly signInSilently: ((tokenKey: string) => Promise<void>) | undefined
  readonly metadata: () => Promise<ProviderMetadata>
  readonly keysOf: (metadata: ProviderMetadata) => KeySource
  readonly forgetProvider: () => void
  /** Runs one task at a time, over all tabs. */
  readonly lock: <Result>(task: () => Promise<Result>) => Promise<Result>
  /** Tells the other tabs that the session changed. */
  readonly announce: () => void
  /** The same error, with what is known of this kind of provider. */
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
   * Takes a session over as the page's own, without showing it yet, unless it may be another user's
   * than the one that is shown, and not by a sign-in of this page; throws `signed_out` where the page
   * let one go after it had `since` of them.
   */
  readonly hold: (current: Current, since?: number, isOwn?: boolean) => void
  /** Shows the session that is held, with an error that did it no harm. */
  readonly show: (error?: AuthError | null, renewal?: 'idle' | 'expired') => void
  /** Lets the page's session go, and shows why. */
  readonly drop: (reason: SignedOutReason, error?: AuthError | null) => void
  /** How often the page let a session go. */
  readonly ended: () => number
  /** Notes that storage failed, and the session goes on in memory; `null` that it works again. */
  readonly warn: (error: unknown) => void
  /** What was noted last, shown or not. */
  readonly warning: () => AuthError | null
}
