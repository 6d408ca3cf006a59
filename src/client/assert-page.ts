import { AuthError } from '../errors.js'

/**
 * Refuses a call that needs a page to act on, where there is none.
 *
 * @param call the name of the function that needs a page
 * @throws {AuthError} `config` on a server, or in a worker
 */
export function assertPage(call: string): void {
  // A worker has a location, and no window.
  if (globalThis.document) return
  throw new AuthError(
    'config',
    `${call}: there is no page here, as on a server: call it in the browser.`,
  )
}
