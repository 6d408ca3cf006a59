import type { ProviderMetadata } from '../types/provider.js'
import type { Transport } from './transport.js'

/**
 * Revokes a token (RFC 7009 §2.1), if the provider has an endpoint for it. Never rejects: the
 * caller could do nothing about a failure.
 */
export async function revokeToken(
  { transport, clientId }: { readonly transport: Transport; readonly clientId: string },
  { revocation_endpoint: url }: ProviderMetadata,
  token: string,
): Promise<void> {
  if (!url) return
  const body = new URLSearchParams({ token, client_id: clientId })
  await transport(url, 'provider_unavailable', body).catch(() => {})
}
