/**
 * The kind of failure, as a stable value to branch on. `docs/errors.md` explains each code: what
 * happened, what the user of the app sees, what to change.
 */
export type AuthErrorCode =
  /** An option or an argument is wrong, or the page cannot host a sign-in at all. */
  | 'config'
  /** An address that is not `https:` (or loopback, if the provider itself is on loopback). */
  | 'insecure_url'
  /** The provider's metadata or key set is not valid. */
  | 'discovery_invalid'
  /** No answer: offline, DNS, a reset connection, or an answer that CORS hides. */
  | 'network'
  /** No complete answer within the deadline. */
  | 'timeout'
  /** The provider cannot serve the request now: 408, 429, 5xx, or an error page instead of JSON. */
  | 'provider_unavailable'
  /** The `state` of a callback is missing, unknown, used, expired or given twice. */
  | 'callback_state'
  /** The callback names another issuer than the one asked, or none although one was announced. */
  | 'callback_issuer'
  /** The callback is malformed: it has a parameter twice, no code, or a token. */
  | 'callback_invalid'
  /** The provider refused the authorization request; `error.providerError` says why. */
  | 'authorization_error'
  /** Only the user can continue: the provider asks for interaction, or sign-ins were in a loop. */
  | 'interaction_required'
  /** The token endpoint refused the request; `error.providerError` says why. */
  | 'token_request_refused'
  /** The token endpoint's answer is not a usable token response. */
  | 'token_response_invalid'
  /** The ID token failed a check. */
  | 'id_token_invalid'
  /** This device's clock and the provider's are too far apart; `error.offset` says how far. */
  | 'clock_skew'
  /** Another user than the one signed in came back. */
  | 'user_mismatch'
  /** Nobody is signed in. */
  | 'not_authenticated'
  /** The session is over, or its access token has run out and cannot be renewed without the user. */
  | 'session_expired'
  /** The URL is not under a listed resource; nothing was sent. */
  | 'origin_not_allowed'
  /** The API asks for more scope or a stronger sign-in; `error.request` is what to sign in with. */
  | 'step_up_required'
  /** There is no UserInfo response that is well-formed and about this user. */
  | 'userinfo_invalid'
  /** The browser keeps nothing for this page, so a redirect could not be completed. */
  | 'storage_unavailable'
  /** The user was sent to the provider, but the page stayed or was shown again. */
  | 'sign_in_interrupted'
  /** The session ended, or became another user's, while a sign-in, renewal or call was under way. */
  | 'signed_out'
  /** The browser did not open the window for the sign-in. */
  | 'popup_blocked'
  /** The window of the sign-in was closed before it was complete. */
  | 'popup_closed'
  /** A proof of possession (RFC 9449) was not accepted. */
  | 'dpop'
  /** `auth.close()` was called. */
  | 'closed'

/**
 * The sign-in that an API asks for, in the form that `auth.signIn()` takes.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1 RFC 6750 §3.1} and
 *   {@link https://www.rfc-editor.org/rfc/rfc9470.html#section-3 RFC 9470 §3}
 */
export interface StepUpRequest {
  /** The address of the API, as it is listed. */
  readonly url: string
  /** The scopes that the API names in its challenge. */
  readonly scope?: readonly string[]
  /** The authentication contexts that the API takes, one of which has to be met (RFC 9470 §3). */
  readonly acrValues?: readonly string[]
  /** How long ago the sign-in may be at most, in seconds (RFC 9470 §3). */
  readonly maxAge?: number
  /** Only the user who is signed in may answer. */
  readonly sameUser: true
  /** Identifies the challenge, so that it is not answered twice. */
  readonly challenge: string
  /** The address of the page when the API asked. */
  readonly returnTo: string
}

/** Details of an {@link AuthError}: they become its members of the same names. */
export interface AuthErrorDetails {
  /** The likely cause and remedy. */
  readonly hint?: string | undefined
  /** Whether the same call may succeed later. Default `false`. */
  readonly retryable?: boolean | undefined
  /** The provider's own `error`. */
  readonly providerError?: string | undefined
  /** The provider's `error_description`. */
  readonly providerErrorDescription?: string | undefined
  /** The HTTP status of an answer. */
  readonly status?: number | undefined
  /** How far this device's clock is behind, in milliseconds. */
  readonly offset?: number | undefined
  /** How long to wait, in milliseconds. */
  readonly retryAfter?: number | undefined
  /** The sign-in that an API asks for. */
  readonly request?: StepUpRequest | undefined
}

/**
 * The one error class of this package. It never holds a token, a code, a verifier or a key: what a
 * provider said is cut to 512 characters and stripped of control and bidirectional characters.
 */
export class AuthError extends Error {
  /** Always `'AuthError'`. */
  override readonly name: string = 'AuthError'
  /** The kind of failure, to branch on. */
  declare readonly code: AuthErrorCode
  /** Whether the same call may succeed when made again later, without any change. */
  declare readonly retryable: boolean
  /** The likely cause and remedy, if known from experience: a sentence to show with `message`. */
  declare readonly hint: string | undefined
  /** The provider's own `error` code (RFC 6749 §4.1.2.1, §5.2), if that is where it came from. */
  declare readonly providerError: string | undefined
  /** The provider's `error_description`: untrusted text, to be shown as text only. */
  declare readonly providerErrorDescription: string | undefined
  /** The HTTP status of the answer, if there was one: the provider's, or for a step-up the API's. */
  declare readonly status: number | undefined
  /** For `clock_skew`: how far this device's clock is behind the provider's, in milliseconds. */
  declare readonly offset: number | undefined
  /** How long to wait before the next try, in milliseconds, if that is known. */
  declare readonly retryAfter: number | undefined
  /** For `step_up_required`: hand it to `auth.signIn()` as it is. */
  declare readonly request: StepUpRequest | undefined

  /**
   * @param code the kind of failure
   * @param message a sentence for developers
   * @param details what else is known
   */
  constructor(code: AuthErrorCode, message: string, details?: AuthErrorDetails) {
    super(message)
    // The details may be another error, with another code.
    Object.assign(this, { code, retryable: false }, details, { code })
    // A frame of an inline script has the address that its page was loaded with: on a callback
    // page, that contains the code. Code and hint come last because, for an uncaught error,
    // Chromium's console shows the message, and then the stack from its first frame on.
    const value = this.stack
      ?.replace(/[?#]\S+(?=:\d+:\d| line \d)/g, '')
      .concat(`\n    (${code}) ${details?.hint ?? ''}`)
    Object.defineProperty(this, 'stack', { value, configurable: true, writable: true })
    // These have the same address in Firefox and in WebKit, if this package is inlined in the page.
    for (const name of ['fileName', 'sourceURL']) Reflect.deleteProperty(this, name)
  }

  /** Returns all members for `JSON.stringify`, which would leave out the message of an `Error`. */
  toJSON(): object {
    return { ...this, message: this.message }
  }
}

/** What becomes of work that a sign-out has overtaken. Not exported by the package. */
export const signedOut = (): AuthError =>
  new AuthError('signed_out', 'The user signed out in the meantime.')

/** What a request rejects with if another user has signed in meanwhile. Not exported by the package. */
export const otherUser = (): AuthError =>
  new AuthError('signed_out', 'The user who asked for this is not signed in any more.')
