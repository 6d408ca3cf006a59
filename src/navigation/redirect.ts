import { AuthError } from '../errors.js'

/** What a redirect needs of the window. */
export interface RedirectPorts {
  readonly navigate: (url: string) => void
  readonly schedule: (delay: number, task: () => void) => () => void
  /** Calls back when the page is shown again out of the back/forward cache. */
  readonly onRestored: (task: () => void) => () => void
}

const LONGEST_LEAVE = 60_000

/**
 * Leaves the page for a provider's address, and stays pending while it does.
 *
 * @throws {AuthError} `insecure_url`; `sign_in_interrupted` when the page is still here after a
 *   minute, or again because the user came back
 */
export function redirect(ports: RedirectPorts, url: string, allowHttp: boolean): Promise<never> {
  return new Promise((_, reject) => {
    const { protocol } = new URL(url)
    if (protocol !== 'https:' && !(allowHttp && protocol === 'http:')) {
      throw new AuthError('insecure_url', "The provider's address is not https:.")
    }
    const end = (message: string) => {
      cancel()
      unlisten()
      reject(new AuthError('sign_in_interrupted', message, { retryable: true }))
    }
    const cancel = ports.schedule(LONGEST_LEAVE, () => end('The page did not leave.'))
    const unlisten = ports.onRestored(() => end('The user came back from the provider.'))
    ports.navigate(url)
  })
}
