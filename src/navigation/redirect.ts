import { AuthError } from '../errors.js'
import type { Page } from '../platform/page.js'

const LONGEST_LEAVE = 60_000

/**
 * Leaves the page for a provider's address, and stays pending while it does.
 *
 * @param closing ends the waiting when it is aborted
 * @param begun is given what ends the waiting as well, as where the user has stopped the page
 * @throws {AuthError} `sign_in_interrupted` when the page is still here after a minute, or again
 *   because the user came back
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

/** What becomes of a sign-in whose user came back without an answer. */
export const interrupted = (): AuthError =>
  new AuthError('sign_in_interrupted', 'The sign-in was left before it was complete.', {
    retryable: true,
  })
