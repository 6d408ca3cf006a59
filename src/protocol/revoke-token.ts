import type { ProviderMetadata } from '../types/provider.js'
import { readFailure } from './read-failure.js'
import type { Transport } from './transport.js'

/**
 * Revokes a token (RFC 7009 §2.1); nothing to do where the provider has no endpoint for it.
 *
 * @throws {AuthError} `network`, `timeout`, `provider_unavailable`, `token_request_refused`
 */
export async function revokeToken(
  transport: Transport,
  { revocation_endpoint: url }: ProviderMetadata,
  clientId: string,
  token: string,
  kind: 'refresh_token' | 'access_token',
): Promise<void> {
  if (!url) return
  const body = new URLSearchParams({ token, token_type_hint: kind, client_id: clientId })
  const answer = await transport(url, 'provider_unavailable', body)
  if (answer.status !== 200) throw readFailure(answer)
}
