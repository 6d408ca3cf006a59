import type { AuthError } from '../errors.js'
import type { Via } from './capabilities.js'

/** Options of a sign-in. */
export interface SignInRequest {
  /** Scopes to ask for besides those of the options. */
  readonly scope?: readonly string[] | undefined
  /**
   * A URL under one of the listed resources, whose access token this sign-in is to get. Default: the
   * token of the session itself, or of the first resource where each wants one of its own.
   */
  readonly url?: string | URL | undefined
  /** Resource indicators (RFC 8707 §2) to ask for besides those of the options. */
  readonly resource?: readonly string[] | undefined
  /**
   * `prompt` (OpenID Connect Core §3.1.2.1): `'login'` asks who it is again, `'none'` shows nothing
   * and fails with `interaction_required` where something would have to be shown.
   */
  readonly prompt?: 'login' | 'consent' | 'select_account' | 'none' | undefined
  /** `login_hint`: who is likely to sign in. */
  readonly loginHint?: string | undefined
  /** `max_age`: how long ago the sign-in may be, in seconds; checked against `auth_time`. */
  readonly maxAge?: number | undefined
  /** `acr_values`; the result's `acr` has to be one of them. */
  readonly acrValues?: readonly string[] | undefined
  /** `ui_locales`: languages for the provider's pages. */
  readonly uiLocales?: readonly string[] | undefined
  /**
   * `claims` (OpenID Connect Core §5.5). A value that is asked for in the ID token, of an essential
   * claim or of `sub`, has to be there (`id_token_invalid`).
   */
  readonly claims?: object | undefined
  /** `authorization_details` (RFC 9396 §2). What was granted of them is in the state. */
  readonly authorizationDetails?: readonly object[] | undefined
  /** How the user gets to the provider: a redirect of this page, or `popup()`. */
  readonly via?: Via | undefined
  /**
   * Where to come back to in the app: a URL of this origin. It stays in this browser, and the
   * address of the page is replaced by it when the sign-in is complete, without a load. Without it
   * the page stays at the redirect URI.
   */
  readonly returnTo?: string | undefined
  /** Anything JSON can hold, to be had back from `auth.start()`. It stays in this browser. */
  readonly appState?: unknown
  /** Refuse (`user_mismatch`) anybody but the user who is signed in. */
  readonly sameUser?: boolean | undefined
  /** The challenge of an API that this sign-in answers, as `step_up_required` names it. */
  readonly challenge?: string | undefined
  /** Further parameters of the authorization request. They can never replace ours. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
}

/** What `auth.start()` found. A sign-in that the callback page has completed just before counts, too. */
export interface StartResult {
  /** `returnTo` of the sign-in that was completed by this start, as a URL of this origin. */
  readonly returnTo: string | null
  /** `appState` of the sign-in that was completed by this start. */
  readonly appState: unknown
  /**
   * Why a callback was refused, if one was, or that the user is back from the provider without an
   * answer (`sign_in_interrupted`). Also in `auth.state`. Of a callback one of `callback_state`,
   * `callback_issuer`, `callback_invalid`, `authorization_error`, `interaction_required`,
   * `token_request_refused`, `token_response_invalid`, `id_token_invalid`, `clock_skew`,
   * `user_mismatch`, `discovery_invalid`, `dpop`, `signed_out`, `storage_unavailable`, `network`,
   * `timeout`, `provider_unavailable`.
   */
  readonly error: AuthError | null
}

/** Options of a sign-out. */
export interface SignOutRequest {
  /** Sign out of this app only, and leave the session at the provider alone. Default `false`. */
  readonly local?: boolean | undefined
}

/** What a sign-out did. The app's own session is over in any case. */
export interface SignOutResult {
  /** Whether the page is on its way to the provider's sign-out. */
  readonly redirected: boolean
}

/** Which call the headers of `auth.authorize` are for. */
export interface HeaderRequest {
  /** A URL under one of the listed resources. */
  readonly url: string | URL
  /** Default `GET`. It matters with `dpop()` alone. */
  readonly method?: string | undefined
  /** Stops waiting; a renewal under way goes on for others. */
  readonly signal?: AbortSignal | undefined
}

/** Which access token is wanted. */
export interface AccessTokenRequest {
  /** A URL under one of the listed resources. Default: the token of the session itself. */
  readonly url?: string | URL | undefined
  /** Renew it even though it is still valid. Default `false`. */
  readonly forceRenewal?: boolean | undefined
  /** Stops waiting; a renewal under way goes on for others. */
  readonly signal?: AbortSignal | undefined
}
