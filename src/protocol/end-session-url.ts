import { generateRandomCodeVerifier as random } from 'oauth4webapi'
import type { ProviderMetadata } from '../types/provider.js'

/**
 * Where to send the user to sign out at the provider (OpenID Connect RP-Initiated Logout §2), or
 * `undefined` where it has no such place.
 */
export function endSessionUrl(
  metadata: ProviderMetadata,
  clientId: string,
  idToken: string | undefined,
  postLogoutRedirectUri: string | undefined,
): string | undefined {
  if (!metadata.end_session_endpoint) return undefined
  const url = new URL(metadata.end_session_endpoint)
  url.searchParams.set('client_id', clientId)
  if (idToken) url.searchParams.set('id_token_hint', idToken)
  if (postLogoutRedirectUri) {
    url.searchParams.set('post_logout_redirect_uri', postLogoutRedirectUri)
    url.searchParams.set('state', random())
  }
  return url.href
}
