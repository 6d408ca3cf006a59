import type { ProviderMetadata } from '../types.js'
import { readFailure } from './read-failure.js'
import type { Transport } from './transport.js'

/**
 * Revokes a token (RFC 7009 §2.1); nothing to do where the provider has no endpoint for it.
 *
 * @throws {AuthError} `network`, `timeout`, `provider_unavailable`, `token_request_refused`
 */
export async function revokeToken(
  transport: Transport,
  metadata: ProviderMetadata,
  clientId: string,
  token: string,
  kind: 'refresh_token' | 'access_token',
): Promise<void> {
  if (!metadata.revocation_endpoint) return
  const answer = await transport(metadata.revocation_endpoint, {
    method: 'POST',
    body: new URLSearchParams({ token, token_type_hint: kind, client_id: clientId }),
    tooLarge: 'provider_unavailable',
  })
  if (answer.status !== 200) throw readFailure(answer, 'revocation endpoint')
}
