import type { AuthError } from './errors.js'

/** The claims of a verified ID token (OpenID Connect Core §2), as the provider sent them. */
export interface UserClaims {
  readonly iss: string
  readonly sub: string
  readonly aud: string | readonly string[]
  readonly exp: number
  readonly iat: number
  readonly [claim: string]: unknown
}

/**
 * Members of a provider's metadata (RFC 8414 §2, OpenID Connect Discovery §3) that this package
 * reads. Others are ignored.
 */
export interface ProviderMetadata {
  readonly issuer: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly jwks_uri?: string
  readonly userinfo_endpoint?: string
  readonly revocation_endpoint?: string
  readonly end_session_endpoint?: string
  readonly pushed_authorization_request_endpoint?: string
  readonly require_pushed_authorization_requests?: boolean
  readonly code_challenge_methods_supported?: readonly string[]
  readonly id_token_signing_alg_values_supported?: readonly string[]
  readonly dpop_signing_alg_values_supported?: readonly string[]
  readonly authorization_response_iss_parameter_supported?: boolean
  /** The key set itself (RFC 7517), where `jwks_uri` cannot be read from a browser. */
  readonly jwks?: { readonly keys: readonly object[] }
}

/**
 * What is known of a kind of provider beyond its metadata. A preset such as `cyberArkIdentity()`
 * returns one.
 */
export interface ProviderProfile {
  /** Endpoints that exist although the metadata does not name them. */
  readonly endpoints?: Partial<ProviderMetadata>
  /** Turns a known error into the sentence that says what to change. */
  readonly explain?: (error: AuthError) => string | undefined
}

/** An API that gets access tokens, and what they are for. */
export interface Resource {
  /**
   * Where tokens may go: this exact scheme, host and port, and paths below this one. Resolved
   * against the page's origin; `https:` unless it is on loopback.
   */
  readonly url: string
  /** Scopes this API needs, asked for at sign-in together with the others. */
  readonly scope?: readonly string[]
  /** Its resource indicator, if the provider issues one access token per resource (RFC 8707). */
  readonly resource?: string
  /** The vendor parameter `audience`, where a provider wants that instead. */
  readonly audience?: string
  /**
   * Whether a redirect of this API is followed. `'error'` by default: browsers hand request bodies
   * to wherever a redirect leads. `'follow'` is for requests without a body.
   */
  readonly redirect?: 'error' | 'follow'
}

/**
 * Where the session is kept. What is at rest is sealed with a key that cannot be exported.
 *
 * - `'session'`: until the browser session ends; the same session in every tab.
 * - `'device'`: until sign-out; the same session in every tab.
 * - `'memory'`: nowhere; a reload signs in again.
 */
export type Persistence = 'session' | 'device' | 'memory'

/** Options of {@link createAuth}. */
export interface AuthOptions {
  /**
   * The provider's issuer identifier, exactly as its metadata and tokens spell it. Metadata is read
   * from `{issuer}/.well-known/openid-configuration`. Left out only when `metadata` is inline.
   */
  readonly issuer?: string
  /** The metadata itself (then no discovery request is made), or the URL to read it from. */
  readonly metadata?: ProviderMetadata | string
  /** Knowledge about the kind of provider, from a preset. */
  readonly provider?: ProviderProfile
  /** The client identifier, as registered. */
  readonly clientId: string
  /** Where the provider sends the user back: as registered, resolved against the page's origin. */
  readonly redirectUri: string
  /**
   * Where the provider sends the user after sign-out: as registered, resolved against the page's
   * origin. Without it the provider decides.
   */
  readonly postLogoutRedirectUri?: string
  /** Scopes to ask for. Default `['openid']`; without `openid` the session is plain OAuth 2.0. */
  readonly scope?: readonly string[]
  /** The APIs that may get access tokens. Default none. */
  readonly resources?: readonly Resource[]
  /** Where the session is kept. Default `'session'`. */
  readonly persistence?: Persistence
  /** The `fetch` to use. Default: `globalThis.fetch`, looked up at each call. */
  readonly fetch?: typeof fetch
  /** Deadline of a request to the provider, headers and body, in milliseconds. Default 10 000. */
  readonly timeout?: number
}

/** How the renewal of the access token is doing. */
export type Renewal =
  /** Nothing to do. */
  | 'idle'
  /** A renewal is under way. */
  | 'renewing'
  /** The last renewal failed; it will be tried again, and the session stays. */
  | 'retrying'
  /** The access token runs out soon and only the user can renew it: `auth.signIn()`. */
  | 'expiring'
  /** The access token has run out and only the user can renew it: `auth.signIn()`. */
  | 'expired'

/** Why nobody is signed in. */
export type SignedOutReason =
  /** There is no session. */
  | 'no-session'
  /** The last sign-in did not succeed; `error` says why. */
  | 'sign-in-failed'
  /** The user signed out, here or in another tab. */
  | 'signed-out'
  /** The provider ended the session; `error` says how. */
  | 'session-ended'

/** Before `auth.start()` has finished. */
export interface StartingState {
  readonly status: 'starting'
}

/** Nobody is signed in. */
export interface SignedOutState {
  readonly status: 'signed-out'
  readonly reason: SignedOutReason
  readonly error: AuthError | null
  /** Set when the browser keeps nothing for this page (`storage_unavailable`). */
  readonly warning: AuthError | null
}

/** The user is on the way to the provider. */
export interface SigningInState {
  readonly status: 'signing-in'
}

/** A user is signed in. */
export interface SignedInState<Claims = UserClaims> {
  readonly status: 'signed-in'
  /** Claims of the verified ID token; `null` in a plain OAuth 2.0 session. */
  readonly user: Claims | null
  /** The scopes that were granted, which may be fewer than those asked for. */
  readonly scope: readonly string[]
  /** When the access token runs out, in milliseconds since the epoch; `null` if nobody said. */
  readonly expiresAt: number | null
  readonly renewal: Renewal
  /** Why the last renewal failed, or why the last callback did; the session is not affected. */
  readonly error: AuthError | null
  /** Set when the session is kept in memory only, against the options (`storage_unavailable`). */
  readonly warning: AuthError | null
}

/** An immutable snapshot, discriminated by `status`. It holds no token. */
export type AuthState<Claims = UserClaims> =
  | StartingState
  | SignedOutState
  | SigningInState
  | SignedInState<Claims>

/** Options of a sign-in. */
export interface SignInRequest {
  /** Scopes to ask for besides those of the options. */
  readonly scope?: readonly string[]
  /** `prompt` (OpenID Connect Core §3.1.2.1). */
  readonly prompt?: 'login' | 'consent' | 'select_account' | 'none'
  /** `login_hint`: who is likely to sign in. */
  readonly loginHint?: string
  /** `max_age` in seconds; checked against `auth_time`. */
  readonly maxAge?: number
  /** `acr_values`; the result's `acr` has to be one of them. */
  readonly acrValues?: readonly string[]
  /** `ui_locales`: languages for the provider's pages. */
  readonly uiLocales?: readonly string[]
  /** `claims` (OpenID Connect Core §5.5). */
  readonly claims?: object
  /**
   * Where to come back to in the app: a URL of this origin. It stays in this browser, and the
   * address of the page is replaced by it when the sign-in is complete, without a load.
   */
  readonly returnTo?: string
  /** Anything JSON can hold, to be had back from `auth.start()`. It stays in this browser. */
  readonly appState?: unknown
  /** Refuse (`user_mismatch`) anybody but the user who is signed in. */
  readonly sameUser?: boolean
  /** The challenge of an API that this sign-in answers, as `step_up_required` names it. */
  readonly challenge?: string
  /** Further parameters of the authorization request. They can never replace ours. */
  readonly parameters?: Readonly<Record<string, string>>
}

/** What `auth.start()` found. */
export interface StartResult {
  /** `returnTo` of the sign-in that was completed by this start, as a URL of this origin. */
  readonly returnTo: string | null
  /** `appState` of the sign-in that was completed by this start. */
  readonly appState: unknown
  /** Why a callback was refused, if one was. Also in `auth.state`. */
  readonly error: AuthError | null
}

/** Options of a sign-out. */
export interface SignOutRequest {
  /** Sign out of this app only, and leave the session at the provider alone. Default `false`. */
  readonly local?: boolean
}

/** What a sign-out did. The app's own session is over in any case. */
export interface SignOutResult {
  /** Whether the page is on its way to the provider's sign-out. */
  readonly redirected: boolean
  /** Why the provider was not reached, if it was not. */
  readonly error: AuthError | null
}

/** Which access token is wanted. */
export interface AccessTokenRequest {
  /** A URL under one of the listed resources. Default: the token of the session itself. */
  readonly url?: string | URL
  /** Renew it even though it is still valid. */
  readonly forceRenewal?: boolean
  /** Stops waiting; a renewal under way goes on for others. */
  readonly signal?: AbortSignal
}

/** A UserInfo response (OpenID Connect Core §5.3.2). */
export interface UserInfo {
  readonly sub: string
  readonly [claim: string]: unknown
}

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
  /** Ends the session here at once, in every tab, and then at the provider if it has a way. */
  readonly signOut: (request?: SignOutRequest) => Promise<SignOutResult>
  /**
   * The session, for route guards: starts, and if nobody is signed in sends the user to sign in,
   * staying pending while the page leaves.
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
