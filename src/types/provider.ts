import type { AuthError } from '../errors.js'

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

/** A UserInfo response (OpenID Connect Core §5.3.2). */
export interface UserInfo {
  readonly sub: string
  readonly [claim: string]: unknown
}
