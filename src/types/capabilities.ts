import type { AuthError } from '../errors.js'
import type { ProviderMetadata } from './provider.js'
import type { AuthState } from './state.js'

/** What a server answered, as far as a binding has to look at it. */
export interface BoundAnswer {
  /** The HTTP status. */
  readonly status: number
  /** The headers that a page may read. */
  readonly headers: Headers
  /** The body as JSON, where it was read. */
  readonly json?: unknown
}

/** Binds tokens to a key of this browser. */
export interface TokenBinding {
  /**
   * The thumbprint of the key, for the authorization request.
   *
   * @param isNew whether a key is made where there is none. Default `true`
   */
  readonly thumbprint: (isNew?: boolean) => Promise<string>
  /**
   * Makes a request with a proof of the key, and once more where the server asks for its nonce or
   * has another time.
   *
   * @param attempt sends the request with the proof; `again` is true but for the first time.
   *   `undefined` where it cannot be sent twice
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
  /** The body as JSON; `undefined` where it is none. */
  readonly json: unknown
  /** When the answer began, by this device's clock, in milliseconds since the epoch. */
  readonly receivedAt: number
}

/** A sign-in that only lacks the user. */
export interface PreparedSignIn {
  /** The address to send the user to. */
  readonly url: string
  /** What tells its response from others. */
  readonly state: string
}

/**
 * Brings the user to the provider's address, and what it answers back: the parameters of the
 * authorization response (RFC 6749 §4.1.2), which are checked as those of a redirect are. A function
 * such as `popup()` makes one. It waits for what is prepared, and where that rejects, as it does
 * where nobody has to be asked after all, so does it. The signal is aborted when the client is closed.
 */
export type Via = (
  prepared: Promise<PreparedSignIn>,
  signal?: AbortSignal,
) => Promise<URLSearchParams>

/** Which session it is. */
export interface BoundSessionVersion {
  /** Changes with each sign-in and renewal; `undefined` where it is in memory only. */
  readonly version: string | undefined
}

/** The session whose tokens are bound. */
export interface BoundSession {
  /** The session, where somebody is signed in. */
  readonly current: () => BoundSessionVersion | undefined
  /** Runs `change` on all that is stored, and keeps what it changed. */
  readonly records: <Result>(change: (all: Map<string, unknown>) => Result) => Promise<Result>
  /** Ends the session, because its key is gone. */
  readonly end: (error: AuthError) => Promise<void>
}

/**
 * Something that an app uses by importing it: `dpop()`, `silentFrame()`, `waitForUser()`.
 * What it does not import is not in its bundle.
 */
export interface Capability {
  /** Binds tokens to a key. */
  readonly bind?: (session: BoundSession) => TokenBinding
  /** Pushes an authorization request; returns what to send the user with instead. */
  readonly push?: (
    metadata: ProviderMetadata,
    parameters: URLSearchParams,
    post: PostForm,
  ) => Promise<URLSearchParams>
  /** Leaves the page for the provider, instead of by its address. */
  readonly navigate?: (url: string) => void
  /** A way to the provider and back that needs no user. */
  readonly silent?: Via
  /** Whether a silent sign-in names its user to the provider by the ID token. */
  readonly idTokenHint?: boolean | undefined
  /** Makes what tries a task again once the user has done what it lacks. */
  readonly wait?: (
    subscribe: (listener: (state: AuthState) => void) => () => void,
  ) => <Result>(task: () => Promise<Result>) => Promise<Result>
}
