import type { AuthError } from '../errors.js'
import { interrupted } from '../navigation/redirect.js'
import type { StartResult } from '../types/requests.js'
import { type Arrival, takeArrival } from './arrival.js'
import { findWayBack, isOfAnother, type WayBack } from './claim-callback.js'
import type { Client } from './client.js'
import { completeCallback } from './complete-callback.js'
import { noteReturn, noteSignIn } from './limit-sign-ins.js'
import { type Callback, readCallback } from './read-callback.js'

const NOTHING: StartResult = { returnTo: null, appState: null, error: null }

/**
 * Starts a client: completes a callback if the address of the page has one, and otherwise restores the
 * session. The address is scrubbed before the first wait, unless the callback is another client's.
 */
export async function startClient(client: Client): Promise<StartResult> {
  const { page, session } = client
  const { redirectUri, postLogoutRedirectUri } = client.options
  const href = (client.landed && (await client.landed)) ?? page.href()
  const wayBack = findWayBack(client)
  let callback = readCallback(href, redirectUri, wayBack)
  if (callback && !callback.isBare) noteReturn(page, true)
  if (callback && isOfAnother(client, callback.parameters.get('state'))) callback = undefined
  // The way back from a sign-out has a `state` of ours, which is of no further use.
  const back = postLogoutRedirectUri ? readCallback(href, postLogoutRedirectUri) : undefined
  if (callback) page.replaceHref(callback.scrubbed)
  else if (back?.isBare) page.replaceHref(back.scrubbed)
  const arrival = callback ? undefined : await takeArrival(client)
  if (arrival?.response) {
    noteReturn(page, true)
    callback = { parameters: new URLSearchParams(arrival.response), scrubbed: href, isBare: false }
  }
  if (!callback) noteUnanswered(client, wayBack)
  const unanswered = wayBack === 'traversed' ? { ...NOTHING, error: interrupted() } : NOTHING
  const completed = callback ? await complete(client, callback) : unanswered
  const { error } = completed
  if (!session.current()) await findSession(client, error)
  if (callback || error) session.show(error)
  if (callback) session.announce()
  return Object.freeze(resultOf(client, arrival) ?? completed)
}

function noteUnanswered({ page, session }: Client, wayBack: WayBack | undefined): void {
  if (wayBack === 'referred') noteReturn(page, false)
  // The user may have gone back because the provider's page has moved.
  if (wayBack === 'traversed') session.forgetProvider()
}

/** The result that the callback page kept, unless somebody else has signed in in another tab meanwhile. */
function resultOf({ session }: Client, arrival: Arrival | undefined): StartResult | undefined {
  const { owner, result } = arrival?.completed ?? {}
  return session.current() && owner === session.owner() ? result : undefined
}

async function findSession({ session }: Client, error: AuthError | null): Promise<void> {
  const { revalidate, lock, state, drop } = session
  if (await revalidate()) return
  // Another tab or client may be signing in.
  await lock(async () => {}).catch(() => {})
  if (await revalidate()) return
  // If the user signed out meanwhile, the state already says so.
  if (state().status !== 'signed-out') drop(error ? 'sign-in-failed' : 'no-session', error)
}

async function complete(client: Client, { parameters, isBare }: Callback): Promise<StartResult> {
  try {
    const completed = await completeCallback(client, parameters)
    if (!completed) return NOTHING
    if (!completed.error) noteSignIn(client.page)
    if (completed.returnTo !== null) client.page.replaceHref(completed.returnTo)
    return { ...completed, error: completed.error && client.explain(completed.error) }
  } catch (error) {
    // A `state` and nothing else is the way back from a sign-out.
    if (isBare && (error as AuthError).code === 'callback_state') return NOTHING
    return { ...NOTHING, error: client.explain(error as AuthError) }
  }
}
