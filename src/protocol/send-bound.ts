import type { AuthErrorCode } from '../errors.js'
import type { TokenBinding } from '../types/capabilities.js'
import type { Answer, Transport } from './transport.js'

/** Sends a form to the provider, with a proof of possession where tokens are bound to a key. */
export function sendBound(
  {
    transport,
    binding,
  }: { readonly transport: Transport; readonly binding: TokenBinding | undefined },
  url: string,
  invalid: AuthErrorCode,
  body: URLSearchParams,
): Promise<Answer> {
  return binding
    ? binding.send(url, 'POST', undefined, (dpop) => transport(url, invalid, body, { dpop }))
    : transport(url, invalid, body)
}
