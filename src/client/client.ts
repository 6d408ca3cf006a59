import type { AuthError } from '../errors.js'
import type { Page } from '../platform/page.js'
import type { Session } from '../session/create-session.js'
import type { TabChannel } from '../tabs/create-tab-channel.js'
import type { ResolvedOptions } from './resolve-options.js'

/** The parts of a client, put together. */
export interface Client {
  readonly options: ResolvedOptions
  readonly page: Page
  readonly session: Session
  readonly tabs: TabChannel
  /**
   * Looks once what the browser grants: rejects with `storage_unavailable` where a sign-in under way
   * would not survive leaving the page. The session is then kept in memory.
   */
  readonly assertStorage: () => Promise<void>
  readonly nativeFetch: () => typeof fetch
  readonly explain: (error: AuthError) => AuthError
}
