import { AuthError } from '../errors.js'
import type { Page } from '../platform/page.js'

/** How long leaving the page may take, in milliseconds. */
const LONGEST_LEAVE = 60_000

/**
 * Leaves the page for a provider's address. The promise is pending meanwhile.
 *
 * @param closing ends the wait when it is aborted
 * @param begun receives a function that also ends the wait, as when the user stops the page
 * @throws {AuthError} `sign_in_interrupted` if the page is still here after a minute, if the user
 *   came back to it, or if the wait was ended
 */
export function redirect(
  navigate: (url: string) => void,
  on: Page['on'],
  url: string,
  closing: AbortSignal,
  begun?: (interrupt: () => void) => void,
): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => {
      clearTimeout(timer)
      unlisten()
      closing.removeEventListener('abort', end)
      reject(interrupted())
    }
    const timer = setTimeout(end, LONGEST_LEAVE)
    const unlisten = on('restored', end)
    closing.addEventListener('abort', end)
    begun?.(end)
    navigate(url)
  })
}

/** Returns the error of a sign-in that the user left before there was an answer. */
export const interrupted = (): AuthError =>
  new AuthError('sign_in_interrupted', 'The sign-in was left before it was complete.', {
    retryable: true,
  })
