import type { AuthError } from '../errors.js'
import type { Page } from '../platform/page.js'
import type { Session } from '../session/create-session.js'
import type { TabChannel } from '../tabs/create-tab-channel.js'
import type { Capability } from '../types/capabilities.js'
import type { SignOutResult, StartResult } from '../types/requests.js'
import type { AuthState } from '../types/state.js'
import type { ResolvedOptions } from './resolve-options.js'

/**
 * One trip to the provider: a letter for how it went, then its time in milliseconds since the epoch.
 *
 * - `l`: the user left, and is not known to have been led back
 * - `r`: the user returned, or did not get there
 * - `p`: the same as `r`, before a sign-out ("past")
 */
export type Trip = `${'r' | 'p' | 'l'}${number}`

/** The parts of a client, put together. */
export interface Client {
  /** The name of its database, lock and channel, unique to the provider and the client ID. */
  readonly name: string
  readonly options: ResolvedOptions
  readonly page: Page
  readonly session: Session
  readonly tabs: TabChannel
  /** What `auth.start()` does. */
  start?: () => Promise<StartResult>
  /**
   * Set by a callback page, which scrubs the address before the client reads it: the address that the
   * page was opened at, or `undefined` if its callback is not for this page to complete.
   */
  landed?: Promise<string | undefined>
  /** The sign-ins that failed on this page since the user last acted. */
  failures: readonly Trip[]
  /** Aborted when the client is closed, with the error that everything under way rejects with. */
  readonly closing: AbortController
  /** The state when the user last clicked or typed. */
  stateWhenActed?: AuthState
  /** The redirect under way: when it began, in milliseconds since the epoch, and what gives it up. */
  redirecting?: { readonly at: number; readonly interrupt: () => void } | undefined
  /**
   * The sign-out that waits for the start or is leaving for the provider, since when, and what it comes to
   * as soon as it has begun.
   */
  signingOut?:
    | {
        readonly at: number
        readonly done: Promise<unknown>
        readonly result?: Promise<SignOutResult>
      }
    | undefined
  /**
   * The sign-out that waits for the start, until the session is dropped: nothing of the session is
   * given out any more.
   */
  ending?: Promise<unknown> | undefined
  /** How many sign-outs were requested: a sign-in that was requested before one rejects. */
  signOuts: number
  /** Why the storage would keep nothing while the page is left, if that is known. */
  readonly storageFailure: () => AuthError | undefined
  readonly wait: Capability['wait']
  /** Leaves the page for the provider. */
  readonly navigate: (url: string) => void
  /** The same for a sign-out. */
  readonly leave: (url: string) => void
  readonly fetch: () => typeof fetch
  readonly explain: (error: AuthError) => AuthError
}
