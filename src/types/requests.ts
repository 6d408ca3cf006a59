import type { AuthError } from '../errors.js'
import type { Via } from './capabilities.js'

/** Options of a sign-in. */
export interface SignInRequest {
  /** Scopes to ask for besides those of the options. */
  readonly scope?: readonly string[] | undefined
  /**
   * A URL under one of the listed resources: the sign-in gets the access token for it. Default: the
   * token of the session itself, or of the first resource if each has a token of its own.
   */
  readonly url?: string | URL | undefined
  /** Resource indicators (RFC 8707 §2) to ask for besides those of the options. */
  readonly resource?: readonly string[] | undefined
  /**
   * `prompt` (OpenID Connect Core §3.1.2.1): `'login'` asks the user to sign in again, `'none'`
   * shows nothing and fails with `interaction_required` if something would have to be shown.
   */
  readonly prompt?: 'login' | 'consent' | 'select_account' | 'none' | undefined
  /** `login_hint`: who is likely to sign in. */
  readonly loginHint?: string | undefined
  /** `max_age`: how long ago the user may have signed in, in seconds; checked against `auth_time`. */
  readonly maxAge?: number | undefined
  /** `acr_values`; the result's `acr` has to be one of them. */
  readonly acrValues?: readonly string[] | undefined
  /** `ui_locales`: languages for the provider's pages. */
  readonly uiLocales?: readonly string[] | undefined
  /**
   * `claims` (OpenID Connect Core §5.5). Values that it asks for in the ID token, of essential claims and
   * of `sub`, must come back (`id_token_invalid`).
   */
  readonly claims?: object | undefined
  /** `authorization_details` (RFC 9396 §2). What was granted of them is in the state. */
  readonly authorizationDetails?: readonly object[] | undefined
  /** How the user gets to the provider: a redirect of this page, or `popup()`. */
  readonly via?: Via | undefined
  /**
   * Where to come back to in the app: a URL of this origin; anything else becomes `/`. It stays in this
   * browser. When the answer of the provider has been processed, with success or not, it replaces the
   * address of the page, without a load. Without it the page stays at the redirect URI.
   */
  readonly returnTo?: string | URL | undefined
  /** Anything that JSON can hold: `auth.start()` gives it back. It stays in this browser. */
  readonly appState?: unknown
  /** Whether to refuse (`user_mismatch`) anybody but the user who is signed in. Default `false`. */
  readonly sameUser?: boolean | undefined
  /** The challenge of an API that this sign-in answers, as `step_up_required` names it. */
  readonly challenge?: string | undefined
  /**
   * Further parameters of the authorization request. They can never replace ours: one that the package
   * sets, or checks the answer against, is refused (`config`).
   */
  readonly parameters?: Readonly<Record<string, string>> | undefined
}

/** What `auth.start()` found. A sign-in that the callback page has just completed counts, too. */
export interface StartResult {
  /**
   * `returnTo` of the sign-in whose callback this start processed, also if it failed, as a URL of this
   * origin. `null` if there was none, and with the errors `callback_state`, `callback_issuer` and
   * `callback_invalid`.
   */
  readonly returnTo: string | null
  /** `appState` of the same sign-in; `null` if there was none. */
  readonly appState: unknown
  /**
   * Why a callback was refused, if one was, or that the user has come back from the provider without an
   * answer (`sign_in_interrupted`). Also in `auth.state`. For a callback it is one of `callback_state`,
   * `callback_issuer`, `callback_invalid`, `authorization_error`, `interaction_required`,
   * `token_request_refused`, `token_response_invalid`, `id_token_invalid`, `clock_skew`,
   * `user_mismatch`, `discovery_invalid`, `dpop`, `signed_out`, `storage_unavailable`, `network`,
   * `timeout`, `provider_unavailable`.
   */
  readonly error: AuthError | null
}

/** Options of a sign-out. */
export interface SignOutRequest {
  /**
   * Sign out of this app only, and leave the session at the provider alone. Its tokens are revoked all the
   * same. Default `false`.
   */
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
  /** Default `GET`. It matters only with `dpop()`. */
  readonly method?: string | undefined
  /** Ends the wait of this call; a renewal under way goes on for other calls. */
  readonly signal?: AbortSignal | undefined
}

/** Which access token is wanted. */
export interface AccessTokenRequest {
  /**
   * A URL under one of the listed resources. Default: the token of the session itself. If each resource has
   * a token of its own, only a refresh token or `silentFrame()` gets that one.
   */
  readonly url?: string | URL | undefined
  /**
   * Renew it even though it is still valid: five times a minute at most. A call that comes too soon rejects
   * with `provider_unavailable`. Default `false`.
   */
  readonly forceRenewal?: boolean | undefined
  /** Ends the wait of this call; a renewal under way goes on for other calls. */
  readonly signal?: AbortSignal | undefined
}
