import { keepArrival } from './client/arrival.js'
import { clientOf } from './client/client-of.js'
import { CLIENTS } from './client/create-auth.js'
import { reloadOnce } from './client/reload-once.js'
import { scrubAddress } from './client/scrub-address.js'
import { returnUrl } from './client/sign-in.js'
import { AuthError } from './errors.js'
import {
  callbackName,
  type HandedOver,
  HIDDEN_FRAME,
  TAKEN,
} from './navigation/wait-for-callback.js'
import type { Auth } from './types/auth.js'

/** How long the page that waits for the callback has to confirm that it took it, in milliseconds. */
const PATIENCE = 5_000
/** The same if it is unknown whether there is such a page. */
const PATIENCE_WITHOUT_LOCKS = 500

/** The work under way for each client: a second call, as in React's StrictMode, gets the same. */
const RUNNING = new WeakMap<object, Promise<void>>()

/**
 * Does the whole work of a callback page, for redirect, popup and hidden frame alike. It scrubs the
 * address, hands the response over to the page that waits for it, and closes the window. If no page
 * waits, it was a redirect: then it completes the sign-in, and loads the page that the user came from.
 *
 * ```ts
 * handOverCallback(auth).catch(({ message }) => document.body.append(message))
 * ```
 *
 * @throws {AuthError} why a redirect failed, which the page has to show; `storage_unavailable` if the
 *   session would end with this page, because it is in memory; `config` if `auth` is not a client of this
 *   package
 * @param auth the client of the app, for redirects
 * @param home where to go if the sign-in had no `returnTo`, within this origin. Default `/`
 */
export function handOverCallback<Claims>(auth: Auth<Claims>, home = '/'): Promise<void> {
  const running = RUNNING.get(auth) ?? handOver(auth, home)
  // Anything else may not even be an object.
  if (CLIENTS.has(auth)) RUNNING.set(auth, running)
  return running
}

async function handOver<Claims>(auth: Auth<Claims>, home: string): Promise<void> {
  const { href, search, pathname } = location
  const state = new URLSearchParams(search).get('state')
  // By the frame's element: the provider's page could have changed `window.name`.
  const isHidden = frameElement?.getAttribute('name') === HIDDEN_FRAME
  // A client of another copy of this package: Vite's server, which bundles a dependency when it first
  // meets it, may give a page two copies, and does not always reload the page afterwards.
  const isForeign = !CLIENTS.has(auth) && typeof Object(auth).start === 'function'
  if (isForeign && state && reloadOnce()) return new Promise(() => {})
  scrubAddress(pathname)
  const client = clientOf(auth, 'handOverCallback')
  // If the browser blocks all that two pages could talk by, no page waits for this one.
  const taken = state ? isTaken(callbackName(state), search).catch(() => false) : undefined
  // Neither the hidden frame nor another site's is the place to complete a sign-in.
  const isElsewhere = isHidden || client.page.isFramed()
  // Set before the first wait: a layout around this page may start the client meanwhile. The address is
  // not restored for it: anything that watches the history would see the code once more.
  client.landed = Promise.resolve(taken).then((is) => (is || isElsewhere ? undefined : href))
  if (await taken) {
    close()
    return
  }
  if (isElsewhere) return
  if (state && !client.session.isStored()) {
    throw new AuthError(
      'storage_unavailable',
      'The session would live in memory, and end with this page.',
      {
        hint: 'Use a persistence other than "memory", sign in by popup(), or call auth.start() at redirectUri in place of handOverCallback().',
      },
    )
  }
  const result = await auth.start()
  const { returnTo, appState, error } = result
  if (error) throw error
  if (returnTo !== null || appState !== null) await keepArrival(client, result)
  // If the address were that of `returnTo` already, replacing it by one with a fragment would load nothing.
  scrubAddress(pathname)
  location.replace(returnTo ?? returnUrl(home, href))
}

async function isTaken(name: string, query: string): Promise<boolean> {
  const { held } = (await navigator.locks?.query().catch(() => undefined)) ?? {}
  if (held && !held.some((lock) => lock.name === name)) return false
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(name)
    const end = (taken: boolean) => {
      clearTimeout(timer)
      channel.close()
      resolve(taken)
    }
    const timer = setTimeout(() => end(false), held ? PATIENCE : PATIENCE_WITHOUT_LOCKS)
    channel.onmessage = ({ data }) => data === TAKEN && end(true)
    channel.postMessage({ version: 1, type: 'callback', query } satisfies HandedOver)
  })
}
