import type { AuthError } from '../errors.js'
import type { Page } from '../platform/page.js'
import type { Session } from '../session/create-session.js'
import type { TabChannel } from '../tabs/create-tab-channel.js'
import type { Capability } from '../types/capabilities.js'
import type { AuthState } from '../types/state.js'
import type { ResolvedOptions } from './resolve-options.js'

/**
 * When, in milliseconds since the epoch, after what it was: `r` for one who came back or got nowhere,
 * `p` for the same before a sign-out, `l` for one who left and is not known to have been led back.
 */
export type Trip = `${'r' | 'p' | 'l'}${number}`

/** The parts of a client, put together. */
export interface Client {
  /** What its database, lock and channel are called: no other provider or client ID has the same. */
  readonly name: string
  readonly options: ResolvedOptions
  readonly page: Page
  readonly session: Session
  readonly tabs: TabChannel
  /**
   * The address that the page was opened at, where it was scrubbed before the client could read it, once
   * it is known whether the callback in it is for this page to complete.
   */
  landed?: Promise<string | undefined>
  /** When sign-ins came to nothing here since the user last acted. */
  failures: readonly Trip[]
  /** Aborted when the client is closed, with the error that everything ends with. */
  readonly closing: AbortController
  /** The state that was on show when the user last clicked or typed. */
  heeded?: AuthState
  /** When the page left for a sign-in, as `endedAt`, and what ends the waiting, while it leaves. */
  left?: { readonly at: number; readonly interrupt: () => void } | undefined
  /** A sign-out that waits for the start, or is on its way to the provider until the page has left. */
  ending?: Promise<unknown> | undefined
  /** When it began to, in milliseconds since the epoch. */
  endedAt?: number
  /** How often a sign-out was asked for: a sign-in that was asked for before one comes to nothing. */
  signOuts: number
  /** Why nothing that is stored would survive leaving the page, once that is known. */
  readonly storageFailure: () => AuthError | undefined
  readonly wait: Capability['wait']
  /** Leaves the page for the provider. */
  readonly navigate: (url: string) => void
  readonly fetch: () => typeof fetch
  readonly explain: (error: AuthError) => AuthError
}
