import { keepArrival } from './client/arrival.js'
import { clientOf } from './client/client-of.js'
import { CLIENTS } from './client/create-auth.js'
import { reloadOnce } from './client/reload-once.js'
import { scrubAddress } from './client/scrub-address.js'
import {
  callbackName,
  type HandedOver,
  HIDDEN_FRAME,
  TAKEN,
} from './navigation/wait-for-callback.js'
import type { Auth } from './types/auth.js'

/** How long a page that waits for the callback has to say that it took it, in milliseconds. */
const PATIENCE = 5_000
/** The same where nobody can tell whether there is one. */
const PATIENCE_WITHOUT_LOCKS = 500

/** What each client is about: called twice, as StrictMode does, it is one and the same. */
const RUNNING = new WeakMap<object, Promise<void>>()

/**
 * The whole work of a callback page, the same for redirect, popup and frame: scrubs the address,
 * hands the response over to the page that waits for it, and closes the window. Where nobody waits,
 * it was a redirect: the sign-in is completed here, and the page gives way to where the user came
 * from.
 *
 * ```ts
 * handOverCallback(auth).catch(({ message }) => document.body.append(message))
 * ```
 *
 * @throws {AuthError} why a redirect failed: the page stays, to say so. `config` where `auth` is no
 *   client of this package
 * @param auth the client of the app, for redirects
 * @param home where to go when a sign-in names no `returnTo`. Default `/`
 */
export function handOverCallback<Claims>(auth: Auth<Claims>, home = '/'): Promise<void> {
  const running = RUNNING.get(auth) ?? handOver(auth, home)
  // A stranger may be no object at all.
  if (CLIENTS.has(auth)) RUNNING.set(auth, running)
  return running
}

async function handOver<Claims>(auth: Auth<Claims>, home: string): Promise<void> {
  const { href, search, pathname } = location
  const state = new URLSearchParams(search).get('state')
  // By its element: the page of the provider could have changed `window.name`.
  const isHidden = frameElement?.getAttribute('name') === HIDDEN_FRAME
  // One of another copy of this package: Vite's server, which bundles what it meets for the first time,
  // may give a page two, and does not always reload it afterwards.
  const isForeign = !CLIENTS.has(auth) && typeof Object(auth).start === 'function'
  if (isForeign && state && reloadOnce()) return new Promise(() => {})
  scrubAddress(pathname)
  const client = clientOf(auth, 'handOverCallback')
  // Where the browser blocks all that two pages could talk by, nobody waits for this one.
  const taken = state ? isTaken(callbackName(state), search).catch(() => false) : undefined
  // Neither the hidden frame nor another site's is the place to complete a sign-in.
  const isElsewhere = isHidden || client.page.isFramed()
  // Set before the first wait: a layout around this page may start the client meanwhile. The address is
  // not put back for it, because what watches the history would see the code once more.
  client.landed = Promise.resolve(taken).then((is) => (is || isElsewhere ? undefined : href))
  if (await taken) {
    close()
    return
  }
  if (isElsewhere) return
  const result = await auth.start()
  const { returnTo, appState, error } = result
  if (error) throw error
  if (returnTo !== null || appState !== null) await keepArrival(client, result)
  // Where the address is that of `returnTo` already, one with a fragment would load nothing.
  scrubAddress(pathname)
  location.replace(new URL(returnTo ?? home, href))
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
