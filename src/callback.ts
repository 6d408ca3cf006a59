import { keepArrival, keepResponse } from './client/arrival.js'
import { assertPage } from './client/assert-page.js'
import { claimantOf, hasLeftFor } from './client/claim-callback.js'
import type { Client } from './client/client.js'
import { clientOf } from './client/client-of.js'
import { CLIENTS } from './client/create-auth.js'
import { reloadOnce } from './client/reload-once.js'
import { scrubAddress } from './client/scrub-address.js'
import { returnUrl } from './client/sign-in.js'
import {
  callbackName,
  type HandedOver,
  HIDDEN_FRAME,
  TAKEN,
} from './navigation/wait-for-callback.js'
import type { Auth } from './types/auth.js'
import type { StartResult } from './types/requests.js'

/** How long the page that waits for the callback has to confirm that it took it, in milliseconds. */
const PATIENCE = 5_000
/** The same if it is unknown whether there is such a page. */
const PATIENCE_WITHOUT_LOCK = 500

/** The work under way for each client: a second call, as in React's StrictMode, gets the same. */
const RUNNING = new WeakMap<object, Promise<void>>()
/** The work that has scrubbed the address of this page: nothing is left there for another client. */
let work: Promise<void> | undefined

/**
 * Does the whole work of a callback page, for redirect, popup and hidden frame alike. It scrubs the
 * address, hands the response over to the page that waits for it, and closes the window. If no page
 * waits, it was a redirect: then it completes the sign-in, and loads the page that the user came from. A
 * session in memory would end with this page: then that page completes the sign-in. If a page has several
 * clients, each call works for the one whose sign-in it was, as long as that was made before the call.
 *
 * ```ts
 * handOverCallback(auth).catch(({ message }) => document.body.append(message))
 * ```
 *
 * @throws {AuthError} why a redirect failed, which the page has to show; `config` if `auth` is not a
 *   client of this package, or there is no page, as on a server
 * @param auth the client of the app, for redirects
 * @param home where to go if the sign-in had no `returnTo`, within this origin. Default `/`
 */
export function handOverCallback<Claims>(auth: Auth<Claims>, home = '/'): Promise<void> {
  const hasState = new URLSearchParams(globalThis.location?.search).has('state')
  // Anything else may not even be an object.
  if (!CLIENTS.has(auth)) return handOver(auth, home)
  const running = RUNNING.get(auth) ?? (hasState ? undefined : work) ?? handOver(auth, home)
  RUNNING.set(auth, running)
  if (hasState) work = running
  return running
}

async function handOver<Claims>(auth: Auth<Claims>, home: string): Promise<void> {
  assertPage('handOverCallback')
  const { href, search, pathname } = location
  const state = new URLSearchParams(search).get('state')
  // By the frame's element: the provider's page could have changed `window.name`.
  const isHidden = frameElement?.getAttribute('name') === HIDDEN_FRAME
  // A client of another copy of this package: Vite's server, which bundles a dependency when it first
  // meets it, may give a page two copies, and does not always reload the page afterwards.
  const isForeign = !CLIENTS.has(auth) && typeof Object(auth).start === 'function'
  if (isForeign && state && reloadOnce()) return new Promise(() => {})
  scrubAddress(pathname)
  const client = claimantOf(clientOf(auth, 'handOverCallback'), state)
  const isAlone = hasLeftFor(client, state) || (!window.opener && window === top)
  // If the browser blocks all that two pages could talk by, no page waits for this one.
  const taken = state ? isTaken(callbackName(state), search, isAlone).catch(() => false) : undefined
  // Neither the hidden frame nor another site's is the place to complete a sign-in.
  const isElsewhere = isHidden || client.page.isFramed()
  const isOurs = async () => !(await taken) && !isElsewhere
  const forwarded = forward(client, new URLSearchParams(search), isOurs)
  // Set before the first wait: a layout around this page may start the client meanwhile. The address is
  // not restored for it: anything that watches the history would see the code once more.
  let stay: (() => void) | undefined
  client.landed = forwarded.then(async (kept) => {
    // The page is leaving, unless a router keeps it.
    if (kept) {
      return new Promise<undefined>((resolve) => {
        stay = () => resolve(undefined)
      })
    }
    return (await isOurs()) ? href : undefined
  })
  if (await taken) {
    close()
    return
  }
  if (isElsewhere) return
  const kept = await forwarded
  const result = kept ?? (await (client.start ?? auth.start)())
  const { returnTo, appState, error } = result
  if (error) throw error
  if (!kept && (returnTo !== null || appState !== null)) await keepArrival(client, result)
  // If the address were that of `returnTo` already, replacing it by one with a fragment would load nothing.
  scrubAddress(pathname)
  // A router that uses the Navigation API may make a view of the same page of it.
  ;(globalThis as { navigation?: EventTarget }).navigation?.addEventListener(
    'currententrychange',
    () => stay?.(),
    { once: true },
  )
  location.replace(returnTo ?? returnUrl(home, href))
}

/** Keeps the response for the next page, if a session would live in memory, and so end with this page. */
async function forward(
  client: Client,
  parameters: URLSearchParams,
  isOurs: () => Promise<boolean>,
): Promise<StartResult | undefined> {
  if (!(await isOurs()) || client.session.isStored()) return undefined
  // If that fails, completing it here says why.
  return keepResponse(client, parameters).catch(() => undefined)
}

/**
 * Whether a page waits for the callback, and took it.
 *
 * @param isAlone whether it is of a redirect in this tab, or no other page has opened this one or has it in
 *   a frame: without a lock, no page waits then, and nothing is sent. Else a page may wait whose lock is
 *   not seen here: if the data of a site is deleted, Chromium 156 keeps the locks of the pages that are
 *   open apart from those of later ones
 */
async function isTaken(name: string, query: string, isAlone: boolean): Promise<boolean> {
  const { held } = (await navigator.locks?.query().catch(() => undefined)) ?? {}
  const isLocked = held?.some((lock) => lock.name === name)
  if (held && !isLocked && isAlone) return false
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(name)
    const end = (taken: boolean) => {
      clearTimeout(timer)
      channel.close()
      resolve(taken)
    }
    const timer = setTimeout(() => end(false), isLocked ? PATIENCE : PATIENCE_WITHOUT_LOCK)
    channel.onmessage = ({ data }) => data === TAKEN && end(true)
    channel.postMessage({ version: 1, type: 'callback', query } satisfies HandedOver)
  })
}
