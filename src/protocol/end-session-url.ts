import { generateRandomCodeVerifier as random } from 'oauth4webapi'
import type { ProviderMetadata } from '../types/provider.js'

/**
 * Returns the address to sign out at the provider (OpenID Connect RP-Initiated Logout §2);
 * `undefined` if the provider has none, or if no ID token tells it who the user is.
 */
export function endSessionUrl(
  { end_session_endpoint: endpoint, revocation_endpoint: revocation }: ProviderMetadata,
  clientId: string,
  idToken: string | undefined,
  postLogoutRedirectUri: string | undefined,
): string | undefined {
  if (!endpoint || !idToken) return undefined
  // Older CyberArk tenants name their revocation endpoint here: a page of JSON, where nobody comes back.
  if (endpoint.toLowerCase() === revocation?.toLowerCase()) return undefined
  const url = new URL(endpoint)
  const parameters = {
    id_token_hint: idToken,
    client_id: clientId,
    ...(postLogoutRedirectUri && {
      post_logout_redirect_uri: postLogoutRedirectUri,
      state: random(),
    }),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}
