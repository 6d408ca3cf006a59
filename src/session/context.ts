import type { AuthError } from '../errors.js'
import type { KeySource } from '../protocol/verify-id-token.js'
import type { Transport } from '../protocol/transport.js'
import type { AuthState, ProviderMetadata, SignedOutReason } from '../types.js'
import type { SessionRecord } from './records.js'
import type { SessionEvent } from './transition.js'

/** What was opened of a stored record, and the version it was stored under. */
export interface Stored {
  readonly content: unknown
  readonly version: string
}

/** When renewals may be tried again, shared by all tabs; times in milliseconds since the epoch. */
export interface Pace {
  readonly failures: number
  readonly notBefore: number
  readonly recent: readonly number[]
}

/** Where sessions and sign-ins under way are kept. */
export interface SessionStorage {
  readonly load: () => Promise<Stored | 'none' | 'cleared'>
  readonly begin: (content: SessionRecord, epoch: number) => Promise<string | undefined>
  readonly replace: (content: SessionRecord, version: string) => Promise<string | undefined>
  readonly end: () => Promise<void>
  readonly saveTransaction: (state: string, content: unknown) => Promise<void>
  readonly readTransaction: (state: string) => Promise<Stored | 'used' | undefined>
  readonly takeTransaction: (state: string) => Promise<boolean>
  readonly epoch: () => Promise<number>
  readonly pace: () => Promise<Pace>
  readonly setPace: (pace: Pace) => Promise<void>
}

/** Runs one task at a time, over all tabs. */
export type Exclusive = <Result>(task: () => Promise<Result>) => Promise<Result>

/** The session that this page knows of. */
export interface Current {
  readonly record: SessionRecord
  /** The version it is stored under; `null` where storing it failed. */
  readonly version: string | null
}

/** What all parts of a session share. */
export interface SessionContext {
  readonly clientId: string
  readonly storage: SessionStorage
  readonly transport: Transport
  readonly metadata: () => Promise<ProviderMetadata>
  readonly keysOf: (metadata: ProviderMetadata) => KeySource
  readonly now: () => number
  readonly random: () => number
  readonly schedule: (delay: number, task: () => void) => () => void
  readonly isOnline: () => boolean
  /** Held while tokens are renewed. */
  readonly renewalLock: Exclusive
  /** Held while a callback is completed. */
  readonly callbackLock: Exclusive
  /** Tells the other tabs. */
  readonly announce: () => void
  readonly state: () => AuthState
  readonly dispatch: (event: SessionEvent) => void
  readonly current: () => Current | undefined
  /** Takes a session over as the page's own, without showing it yet. */
  readonly hold: (current: Current) => void
  /** Shows the session that is held, with an error that did it no harm. */
  readonly show: (error?: AuthError | null) => void
  /** Lets the page's session go, and shows why. */
  readonly drop: (reason: SignedOutReason, error: AuthError | null) => void
  /** Notes that storage failed; the session goes on in memory. */
  readonly warn: (error: unknown) => void
  /** The same error, with what is known of this kind of provider. */
  readonly explain: (error: AuthError) => AuthError
  /** Another way to renew without the user, where the app gave one. */
  readonly hasRefreshAlternative: boolean
}
