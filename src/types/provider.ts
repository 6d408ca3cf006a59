import type { AuthError } from '../errors.js'

/** The claims of a verified ID token (OpenID Connect Core §2), as the provider sent them. */
export interface UserClaims {
  /** The issuer: who says all this. */
  readonly iss: string
  /** The user, by a name that the issuer gives to nobody else. */
  readonly sub: string
  /** For whom the token is: your client ID, alone or among others. */
  readonly aud: string | readonly string[]
  /** When the ID token runs out, in seconds since the epoch. The session does not end by it. */
  readonly exp: number
  /** When the ID token was issued, in seconds since the epoch. */
  readonly iat: number
  /** Whatever else the provider says. */
  readonly [claim: string]: unknown
}

/** Something that an access token is good for, in detail (RFC 9396 §2). */
export interface AuthorizationDetail {
  /** What kind of detail it is: what the other members mean. */
  readonly type: string
  /** Whatever else this type has. */
  readonly [member: string]: unknown
}

/**
 * Members of a provider's metadata (RFC 8414 §2, OpenID Connect Discovery §3) that this package
 * reads. Others are ignored.
 */
export interface ProviderMetadata {
  /** The issuer, exactly as tokens spell it. */
  readonly issuer: string
  /** Where users are sent to sign in. */
  readonly authorization_endpoint: string
  /** Where codes and refresh tokens become tokens. */
  readonly token_endpoint: string
  /** Where the keys are that ID tokens are signed with. Needed with `openid`, unless `jwks` is there. */
  readonly jwks_uri?: string
  /** Where `auth.userInfo()` asks. */
  readonly userinfo_endpoint?: string
  /** Where tokens are revoked (RFC 7009). */
  readonly revocation_endpoint?: string
  /** Where users are sent to sign out (OpenID Connect RP-Initiated Logout §2.1). */
  readonly end_session_endpoint?: string
  /** Where `pushedAuthorization()` sends requests (RFC 9126 §5). */
  readonly pushed_authorization_request_endpoint?: string
  /** Whether requests have to be pushed (RFC 9126 §5). Default `false`. */
  readonly require_pushed_authorization_requests?: boolean
  /** Refused where there is a list without `S256` (RFC 7636 §4.2). */
  readonly code_challenge_methods_supported?: readonly string[]
  /** Algorithms that ID tokens may be signed with. Default `['RS256']`. */
  readonly id_token_signing_alg_values_supported?: readonly string[]
  /** Algorithms of proofs (RFC 9449 §5.1). `dpop()` uses `ES256`. */
  readonly dpop_signing_alg_values_supported?: readonly string[]
  /** Whether callbacks have to name the issuer (RFC 9207 §3). Default `false`. */
  readonly authorization_response_iss_parameter_supported?: boolean
  /** The key set itself (RFC 7517 §5), where `jwks_uri` cannot be read from a browser. */
  readonly jwks?: {
    /** The keys. */
    readonly keys: readonly object[]
  }
}

/**
 * What is known of a kind of provider beyond its metadata. A preset such as `cyberArkIdentity()`
 * returns one.
 */
export interface ProviderProfile {
  /** Endpoints that exist although the metadata does not name them. */
  readonly endpoints?: Partial<ProviderMetadata>
  /**
   * Whether sign-ins that do not ask for `openid` have a nonce all the same, for providers that put
   * it into access tokens. Default `false`: some providers refuse such a request.
   */
  readonly nonceWithoutOpenid?: boolean
  /**
   * Whether Basic authentication has the client id and the secret as they are. Default `false`: they
   * are form-encoded first (RFC 6749 §2.3.1).
   */
  readonly plainBasic?: boolean
  /** Turns a known error into the sentence that says what to change. */
  readonly explain?: (error: AuthError) => string | undefined
  /**
   * Puts right what this kind of provider is known to get wrong in a UserInfo response, before its
   * `sub` is compared with that of the ID token.
   */
  readonly readUserInfo?: (
    claims: Readonly<Record<string, unknown>>,
    clientId: string,
  ) => Readonly<Record<string, unknown>>
}

/** A UserInfo response (OpenID Connect Core §5.3.2). */
export interface UserInfo {
  /** The user: the same as in the ID token, or the answer is refused. */
  readonly sub: string
  /** Whatever else the provider says. */
  readonly [claim: string]: unknown
}
