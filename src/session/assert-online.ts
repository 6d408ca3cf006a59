import { AuthError } from '../errors.js'

/** @throws {AuthError} `network` if the browser knows that there is no network */
export function assertOnline(): void {
  if (globalThis.navigator?.onLine !== false) return
  throw new AuthError('network', 'The device is offline.', { retryable: true })
}
