import type { ProviderMetadata } from '../types/provider.js'
import { readFailure } from './read-failure.js'
import type { Transport } from './transport.js'

/**
 * Revokes a token (RFC 7009 §2.1); nothing to do where the provider has no endpoint for it.
 *
 * @throws {AuthError} `network`, `timeout`, `provider_unavailable`, `token_request_refused`
 */
export async function revokeToken(
  { transport, clientId }: { readonly transport: Transport; readonly clientId: string },
  { revocation_endpoint: url }: ProviderMetadata,
  token: string,
): Promise<void> {
  if (!url) return
  const body = new URLSearchParams({ token, client_id: clientId })
  const answer = await transport(url, 'provider_unavailable', body)
  if (answer.status !== 200) throw readFailure(answer)
}
