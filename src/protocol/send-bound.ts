import type { AuthErrorCode } from '../errors.js'
import type { TokenBinding } from '../types/capabilities.js'
import type { Answer, Transport } from './transport.js'

/**
 * Sends a request to the provider by its {@link Transport}, with a proof of possession if tokens
 * are bound to a key.
 *
 * @param token the access token to send along
 */
export function sendBound(
  {
    transport,
    binding,
  }: { readonly transport: Transport; readonly binding: TokenBinding | undefined },
  url: string,
  invalid: AuthErrorCode,
  body: URLSearchParams | undefined,
  token?: { readonly tokenType: string; readonly accessToken: string },
): Promise<Answer> {
  const send = (proof?: { readonly dpop: string }) =>
    transport(url, invalid, body, {
      ...(token && { authorization: `${token.tokenType} ${token.accessToken}` }),
      ...proof,
    })
  return binding
    ? binding.send(url, body ? 'POST' : 'GET', token?.accessToken, (dpop) => send({ dpop }))
    : send()
}
