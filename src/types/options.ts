import type { Capability } from './capabilities.js'
import type { ProviderMetadata, ProviderProfile } from './provider.js'

/** An API that gets access tokens, and what they have to be for. */
export interface Resource {
  /**
   * Where tokens may be sent: this exact scheme, host and port, and this path and paths below it, except
   * those with a semicolon or an encoded slash, backslash or dot. If it is a whole origin, any path. Resolved
   * against the page's origin; `https:` unless it is on loopback.
   */
  readonly url: string
  /** Scopes this API needs, asked for at sign-in together with the others. */
  readonly scope?: readonly string[] | undefined
  /**
   * Its resource indicator, if the provider issues one access token per resource: an absolute URI without
   * fragment (RFC 8707 §2).
   */
  readonly resource?: string | undefined
  /** The vendor parameter `audience`, if the provider wants that instead. */
  readonly audience?: string | undefined
  /**
   * Whether a redirect of this API is followed. Default `'error'`, because browsers send request bodies
   * on to wherever a redirect leads. `'follow'` is for GET and HEAD. The token is not sent to another
   * origin, though Firefox and WebKit still make a preflight request there. Within the origin it is sent,
   * also to a path that is not listed. With `dpop()` a redirect is always an error: its proof is for one
   * address. A call with `redirect: 'manual'` gets the opaque response, as from `fetch`.
   */
  readonly redirect?: 'error' | 'follow' | undefined
}

/**
 * Where the session is kept. Stored data is sealed with a key that cannot be exported.
 *
 * - `'session'`: until the browser session ends; the same session in every tab.
 * - `'device'`: until sign-out; the same session in every tab.
 * - `'memory'`: nowhere; after a reload the user has to sign in again.
 */
export type Persistence = 'session' | 'device' | 'memory'

/** Options of {@link createAuth}. */
export interface AuthOptions {
  /**
   * The provider's issuer identifier, exactly as its metadata and tokens spell it. Metadata is read
   * from `{issuer}/.well-known/openid-configuration`. May be left out if `metadata` is given: the issuer
   * is then whichever the metadata names.
   */
  readonly issuer?: string | undefined
  /** The metadata itself (then no discovery request is made), or the URL to read it from. */
  readonly metadata?: ProviderMetadata | string | undefined
  /** What is known about this kind of provider, from a preset such as `cyberArkIdentity()`. */
  readonly provider?: ProviderProfile | undefined
  /** The client identifier, as registered. */
  readonly clientId: string
  /** Where the provider sends the user back: as registered, resolved against the page's origin. */
  readonly redirectUri: string
  /**
   * Where the provider sends the user after sign-out: as registered, resolved against the page's
   * origin. Default: the provider decides.
   */
  readonly postLogoutRedirectUri?: string | undefined
  /** Scopes to ask for. Default `['openid']`; without `openid` the session is plain OAuth 2.0. */
  readonly scope?: readonly string[] | undefined
  /** The APIs that may get access tokens. Default none. */
  readonly resources?: readonly Resource[] | undefined
  /** Where the session is kept. Default `'session'`. */
  readonly persistence?: Persistence | undefined
  /** Further features that the app uses: `[dpop(), silentFrame()]`. Default none. */
  readonly capabilities?: readonly Capability[] | undefined
  /** The `fetch` to use. Default: `globalThis.fetch`, looked up at each call. */
  readonly fetch?: typeof fetch | undefined
  /** Deadline of a request to the provider, headers and body, in milliseconds. Default 10 000. */
  readonly timeout?: number | undefined
}
