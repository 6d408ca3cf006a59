import { AuthError } from '../errors.js'

/** @throws {AuthError} `network` where the browser knows that there is none */
export function assertOnline(): void {
  if (globalThis.navigator?.onLine !== false) return
  throw new AuthError('network', 'The device is offline.', { retryable: true })
}
