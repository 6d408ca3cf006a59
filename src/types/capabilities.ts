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
  /** The thumbprint of the key, for the authorization request. */
  readonly thumbprint: () => Promise<string>
  /**
   * Makes a request with a proof of the key, and once more where the server asks for its nonce.
   *
   * @param attempt sends the request with the proof; `again` is true for the second time.
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
export type PostForm = (
  url: string,
  body: URLSearchParams,
) => Promise<Pick<Required<BoundAnswer>, 'status' | 'json'>>

/**
 * Brings the user to the provider's address, and what it answers back: the parameters of the
 * authorization response (RFC 6749 §4.1.2), which are checked as those of a redirect are. `state`
 * says which response it has to be. A function such as `popup()` makes one.
 */
export type Via = (url: string, state: string) => Promise<URLSearchParams>

/**
 * Something that an app uses by importing it: `dpop()`, `silentFrame()`, `waitForUser()`.
 * What it does not import is not in its bundle.
 */
export interface Capability {
  /**
   * Binds tokens to a key.
   *
   * @param keyPair gives the key pair of the session, made by `create` where there is none
   */
  readonly bind?: (
    keyPair: (create: () => Promise<CryptoKeyPair>) => Promise<CryptoKeyPair>,
  ) => TokenBinding
  /** Pushes an authorization request; returns what to send the user with instead. */
  readonly push?: (
    metadata: ProviderMetadata,
    parameters: URLSearchParams,
    post: PostForm,
  ) => Promise<URLSearchParams>
  /** A way to the provider and back that needs no user. */
  readonly silent?: Via
  /** Whether a silent sign-in names its user to the provider by the ID token. */
  readonly idTokenHint?: boolean | undefined
  /** Makes what tries a task again once the user has done what it lacks. */
  readonly wait?: (
    subscribe: (listener: (state: AuthState) => void) => () => void,
  ) => <Result>(task: () => Promise<Result>) => Promise<Result>
}
