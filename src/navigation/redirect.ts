import { AuthError } from '../errors.js'

const LONGEST_LEAVE = 60_000

/**
 * Leaves the page for a provider's address, and stays pending while it does.
 *
 * @param onRestored calls back when the page is shown again out of the back/forward cache
 * @throws {AuthError} `sign_in_interrupted` when the page is still here after a minute, or again
 *   because the user came back
 */
export function redirect(
  navigate: (url: string) => void,
  onRestored: (task: () => void) => () => void,
  url: string,
): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => {
      clearTimeout(timer)
      unlisten()
      reject(
        new AuthError('sign_in_interrupted', 'The sign-in was left before it was complete.', {
          retryable: true,
        }),
      )
    }
    const timer = setTimeout(end, LONGEST_LEAVE)
    const unlisten = onRestored(end)
    navigate(url)
  })
}
