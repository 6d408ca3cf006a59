import { callbackChannel, type HandedOver, TAKEN } from './navigation/wait-for-callback.js'
import type { Auth } from './types/auth.js'

/** How long a page that waits for the callback has to say that it took it, in milliseconds. */
const PATIENCE = 1_000

/**
 * The whole work of a callback page, the same for redirect, popup and frame: scrubs the address,
 * hands the response over to the page that waits for it, and closes the window. Where nobody waits,
 * it was a redirect: the sign-in is completed here, and the page gives way to where the user came
 * from.
 *
 * ```ts
 * await handOverCallback(auth)
 * ```
 *
 * @throws {AuthError} why a redirect failed: the page stays, to say so
 * @param auth the client of the app, for redirects
 * @param home where to go when a sign-in names no `returnTo`. Default `/`
 */
export async function handOverCallback<Claims>(auth: Auth<Claims>, home = '/'): Promise<void> {
  const { search, pathname } = location
  const state = new URLSearchParams(search).get('state')
  if (state && (await isTaken(state, search, pathname))) {
    close()
    return
  }
  // A frame is never the place to complete a sign-in.
  if (top !== window) return
  const { returnTo, error } = await auth.start()
  if (error) throw error
  location.replace(returnTo ?? home)
}

function isTaken(state: string, query: string, pathname: string): Promise<boolean> {
  return new Promise((resolve) => {
    const channel = callbackChannel(state)
    const end = (taken: boolean) => {
      clearTimeout(timer)
      channel.close()
      if (taken) history.replaceState(history.state, '', pathname)
      resolve(taken)
    }
    const timer = setTimeout(() => end(false), top === window ? PATIENCE / 4 : PATIENCE)
    channel.onmessage = ({ data }) => data === TAKEN && end(true)
    channel.postMessage({ version: 1, type: 'callback', query } satisfies HandedOver)
  })
}
