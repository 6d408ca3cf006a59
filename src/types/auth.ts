import type { UserClaims, UserInfo } from './provider.js'
import type {
  AccessTokenRequest,
  HeaderRequest,
  SignInRequest,
  SignOutRequest,
  SignOutResult,
  StartResult,
} from './requests.js'
import type { AuthState, SignedInState } from './state.js'

/**
 * A client, made by {@link createAuth}. All functions are bound.
 */
export interface Auth<Claims = UserClaims> {
  /** The current snapshot: the same object until something changes. */
  readonly state: AuthState<Claims>
  /** Resolves when the first `start()` has finished, however it did. It never rejects. */
  readonly ready: Promise<void>
  /**
   * Calls `listener` at once and at each change; returns the function that unsubscribes it. An error
   * that a listener throws is reported as uncaught, and the other listeners still run.
   *
   * @throws {AuthError} `config`
   */
  readonly subscribe: (listener: (state: AuthState<Claims>) => void) => () => void
  /**
   * Completes a callback or restores a session. Safe to call any number of times: a callback is
   * processed once, and each call gives the same result. Never rejects over what a provider or a
   * link did; see `StartResult.error`.
   *
   * @throws {AuthError} `closed`
   */
  readonly start: () => Promise<StartResult>
  /**
   * Sends the user to the provider. Starts the client if needed. Stays pending while the page leaves. A
   * sign-out that is already on its way to the provider goes first. A call during another sign-in joins
   * that one, and its own request does not count, unless the user has clicked more than five seconds after
   * it began; a call with `via` waits until that one is over. With `via` it resolves when the user is signed
   * in, and rejects with whatever {@link StartResult.error} may be as well.
   *
   * @throws {AuthError} `config`, `discovery_invalid`, `insecure_url`, `network`, `timeout`,
   *   `provider_unavailable`, `storage_unavailable`, `interaction_required`, `sign_in_interrupted`,
   *   `signed_out`, `origin_not_allowed`, `closed`; with `popup()` also `popup_blocked`,
   *   `popup_closed`; with `pushedAuthorization()` also `token_request_refused`,
   *   `token_response_invalid`, `dpop`; with `dpop()` also `session_expired`, if the key of the session is
   *   gone
   * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OpenID Connect Core §3.1.2.1}
   */
  readonly signIn: (request?: SignInRequest) => Promise<void>
  /**
   * Ends the session here at once and in every tab that shares it. Then it revokes the refresh token, or
   * without one the access tokens, if the provider has an endpoint for that; it waits two seconds for the
   * answer at most. Last it sends the user to the provider's sign-out if the provider has one, there is an
   * ID token, and the device is online. A provider that does not answer does not make it fail.
   *
   * @throws {AuthError} `closed`, where the client was closed before it had started
   * @see {@link https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout RP-Initiated Logout §2}
   */
  readonly signOut: (request?: SignOutRequest) => Promise<SignOutResult>
  /**
   * Returns the session, or sends the user to sign in: for route guards.
   *
   * Starts the client if needed, and renews an access token that has run out, which takes as long as
   * the provider does or `timeout` allows. If nobody is signed in, or only the user can renew the token,
   * it does what {@link Auth.signIn} does, and stays pending while the page leaves. Who signs out
   * meanwhile, in whichever tab, or is idle for too long, is not sent to sign in again: it rejects with
   * `signed_out`.
   *
   * After a sign-in that failed, or when the user has come back from the provider by the back button, it
   * rejects with the reason instead, so that the app does not loop. That holds until the user clicks or
   * types something. A request with `via` is always tried, and so is `auth.signIn()`.
   *
   * @throws {AuthError} as {@link Auth.signIn}, and why the last sign-in failed
   */
  readonly requireSession: (request?: SignInRequest) => Promise<SignedInState<Claims>>
  /**
   * An access token that is valid now, renewed where needed. Starts the client if needed. Prefer
   * {@link Auth.fetch}: a token that is handed out can be sent anywhere.
   *
   * @throws {AuthError} `config`, `not_authenticated`, `session_expired`, `interaction_required`,
   *   `origin_not_allowed`, `network`, `timeout`, `provider_unavailable`, `token_request_refused`,
   *   `token_response_invalid`, `discovery_invalid`, `clock_skew`, `dpop`, `signed_out`, `closed`; with
   *   `waitForUser()` also `user_mismatch`; with `dpop()` also `storage_unavailable`; with
   *   `silentFrame()` also `insecure_url` and whatever
   *   {@link StartResult.error} may be
   */
  readonly getAccessToken: (request?: AccessTokenRequest) => Promise<string>
  /**
   * `fetch` for the listed resources, with an access token in the header `Authorization` (RFC 6750
   * §2.1). After a 401 that may be about the token it gets another one and sends the request once
   * more, unless the body is a stream or the request has `keepalive`. If the API refuses the new token as
   * well, its 401s cause no renewal for five minutes. What native `fetch` throws, it throws.
   *
   * @throws {AuthError} as {@link Auth.getAccessToken}; `origin_not_allowed` for any other URL, and
   *   nothing is sent; `config` for a header `Authorization` or `DPoP` of the caller's own, for
   *   `mode: 'no-cors'`, and for a streamed body where the browser cannot stream; `step_up_required`
   *   when the API asks for more scope or another sign-in
   * @see {@link https://www.rfc-editor.org/rfc/rfc6750.html RFC 6750} and
   *   {@link https://www.rfc-editor.org/rfc/rfc9470.html RFC 9470}
   */
  readonly fetch: typeof fetch
  /**
   * The headers that {@link Auth.fetch} would add, for XHR, interceptors and uploads. With `dpop()` they
   * are good for one request, and have the nonce that the API last sent to `auth.fetch`: what it answers to
   * any other request, this package does not see.
   *
   * @throws {AuthError} as {@link Auth.getAccessToken}
   */
  readonly authorize: (request: HeaderRequest) => Promise<Record<string, string>>
  /**
   * Claims from the UserInfo endpoint; refused if they speak of somebody else.
   *
   * @throws {AuthError} `config` without `openid`, `userinfo_invalid`, and as
   *   {@link Auth.getAccessToken}
   * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#UserInfo OpenID Connect Core §5.3}
   */
  readonly userInfo: () => Promise<UserInfo>
  /**
   * Ends timers, listeners and channels, and whatever is under way, which rejects with `closed`; only a
   * request that {@link Auth.fetch} has sent already is answered. The session stays.
   */
  readonly close: () => void
}
