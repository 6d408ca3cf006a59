import type { AuthError } from '../errors.js'
import type { ProviderMetadata } from './provider.js'
import type { AuthState } from './state.js'

/** The parts of a server's answer that a binding looks at. */
export interface BoundAnswer {
  /** The HTTP status. */
  readonly status: number
  /** The headers that the page may read. */
  readonly headers: Headers
  /** The body as JSON, if it was read. */
  readonly json?: unknown
}

/** Binds tokens to a key of this browser. */
export interface TokenBinding {
  /**
   * The thumbprint of the key, for the authorization request.
   *
   * @param mayCreate whether to make a key if there is none. Default `true`
   */
  readonly thumbprint: (mayCreate?: boolean) => Promise<string>
  /**
   * Makes a request with a proof of the key, and once more if the server asks for its nonce or has
   * another time.
   *
   * @param attempt sends the request with the proof, and returns `undefined` if it cannot be sent again.
   *   `again` is `false` the first time only
   */
  readonly send: <Answer extends BoundAnswer>(
    url: string,
    method: string,
    accessToken: string | undefined,
    attempt: (proof: string, again: boolean) => Promise<Answer | undefined>,
  ) => Promise<Answer>
}

/** Sends a form to the provider, with its deadline, and reads the answer as JSON. */
export type PostForm = (url: string, body: URLSearchParams) => Promise<PostAnswer>

/** What the provider answered to a form. */
export interface PostAnswer extends BoundAnswer {
  /** The body as JSON; `null` if it is empty, `undefined` if it is not JSON. */
  readonly json: unknown
  /** When the answer began to arrive, by this device's clock, in milliseconds since the epoch. */
  readonly receivedAt: number
}

/** A sign-in that is ready for the user. */
export interface PreparedSignIn {
  /** The address to send the user to. */
  readonly url: string
  /** The `state` that its response must have. */
  readonly state: string
}

/**
 * Takes the user to the provider's address, and resolves with the parameters of the authorization
 * response (RFC 6749 §4.1.2), which are checked like those of a redirect. A function such as `popup()`
 * makes one. It awaits `prepared`, and rejects if that does: for example when it turns out that nobody
 * has to sign in. The signal is aborted when the client is closed.
 */
export type Via = (
  prepared: Promise<PreparedSignIn>,
  signal?: AbortSignal,
) => Promise<URLSearchParams>

/** The version of a session. */
export interface BoundSessionVersion {
  /** Changes with each sign-in and renewal; `undefined` if the session is in memory only. */
  readonly version: string | undefined
  /** Changes with each sign-in that does not continue the session. */
  readonly sessionId: string
}

/** The session whose tokens are bound. */
export interface BoundSession {
  /** The session, if somebody is signed in. */
  readonly current: () => BoundSessionVersion | undefined
  /** Runs `change` on all stored records, and stores its changes. */
  readonly records: <Result>(change: (all: Map<string, unknown>) => Result) => Promise<Result>
  /** Ends the session, because its key is gone. */
  readonly end: (error: AuthError) => Promise<void>
}

/**
 * A feature that an app uses by importing it: `dpop()`, `silentFrame()`, `waitForUser()`. One that it
 * does not import is not in its bundle.
 */
export interface Capability {
  /** Binds tokens to a key. */
  readonly bind?: (session: BoundSession) => TokenBinding
  /** Pushes the authorization request; returns the parameters that stand for it in the address. */
  readonly push?: (
    metadata: ProviderMetadata,
    parameters: URLSearchParams,
    post: PostForm,
  ) => Promise<URLSearchParams>
  /** Takes the page to the provider, in place of `location.assign(url)`. */
  readonly navigate?: (url: string) => void
  /** Takes the page to the provider's sign-out, in place of `location.assign(url)`. */
  readonly leave?: (url: string) => void
  /** A way to the provider and back that does not need the user. */
  readonly silent?: Via
  /** Whether a silent sign-in sends `id_token_hint`. Default `false`. */
  readonly idTokenHint?: boolean | undefined
  /**
   * Makes a function that runs a task and, if that rejects with `session_expired`, runs it again once the
   * user has signed in, until `closing` or the signal of the call is aborted.
   */
  readonly wait?: (
    subscribe: (listener: (state: AuthState) => void) => () => void,
    closing: AbortSignal,
  ) => <Result>(task: () => Promise<Result>, signal?: AbortSignal) => Promise<Result>
}
