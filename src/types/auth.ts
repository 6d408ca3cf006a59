import type { UserClaims, UserInfo } from './provider.js'
import type {
  AccessTokenRequest,
  SignInRequest,
  SignOutRequest,
  SignOutResult,
  StartResult,
} from './requests.js'
import type { AuthState, SignedInState } from './state.js'

/** A client, made by {@link createAuth}. All functions are bound. */
export interface Auth<Claims = UserClaims> {
  /** The current snapshot. */
  readonly state: AuthState<Claims>
  /** Resolves when the first `start()` has finished. */
  readonly ready: Promise<void>
  /** Calls `listener` at once and at each change; returns the function that ends it. */
  readonly subscribe: (listener: (state: AuthState<Claims>) => void) => () => void
  /**
   * Completes a callback or restores a session. Safe to call any number of times: a callback is
   * processed once. Never rejects over what a provider or a link did; see `StartResult.error`.
   */
  readonly start: () => Promise<StartResult>
  /**
   * Sends the user to the provider. Stays pending while the page leaves.
   *
   * @throws {AuthError} `config`, `discovery_invalid`, `insecure_url`, `network`, `timeout`,
   *   `provider_unavailable`, `storage_unavailable`, `interaction_required`, `sign_in_interrupted`
   */
  readonly signIn: (request?: SignInRequest) => Promise<void>
  /**
   * Ends the session here at once, in every tab that shares it, and then at the provider if it has a
   * way.
   */
  readonly signOut: (request?: SignOutRequest) => Promise<SignOutResult>
  /**
   * The session, for route guards: starts, and if nobody is signed in sends the user to sign in,
   * staying pending while the page leaves. Where the last sign-in failed it rejects with the reason
   * instead: `auth.signIn()` tries again.
   *
   * @throws {AuthError} as `signIn`, and why the last sign-in failed
   */
  readonly requireSession: (request?: SignInRequest) => Promise<SignedInState<Claims>>
  /**
   * An access token that is valid now, renewed where needed.
   *
   * @throws {AuthError} `not_authenticated`, `session_expired`, `origin_not_allowed`, `network`,
   *   `timeout`, `provider_unavailable`, `token_request_refused`
   */
  readonly getAccessToken: (request?: AccessTokenRequest) => Promise<string>
  /** `fetch` for the listed resources; anything else is `origin_not_allowed`. */
  readonly fetch: typeof fetch
  /** The headers that `auth.fetch` would add, for XHR, interceptors and uploads. */
  readonly authorize: (request: {
    readonly url: string | URL
    readonly method?: string
    readonly signal?: AbortSignal
  }) => Promise<Record<string, string>>
  /** Claims from the UserInfo endpoint; refused if they speak of somebody else. */
  readonly userInfo: () => Promise<UserInfo>
  /** Ends timers, listeners and channels. The session stays. */
  readonly close: () => void
}
