import { AuthError } from '../errors.js'
import { completeSignIn } from '../session/complete-sign-in.js'
import type { StartResult } from '../types/requests.js'
import type { Client } from './create-client.js'
import { noteCallback } from './limit-sign-ins.js'
import { readCallback } from './read-callback.js'

const NOTHING: StartResult = { returnTo: null, appState: null, error: null }

/**
 * Starts a client: completes a callback if the address of the page has one, and restores the session
 * otherwise. The address is scrubbed before the first wait.
 */
export async function startClient(client: Client): Promise<StartResult> {
  const { page, session } = client
  const { context } = session
  const callback = readCallback(page.href(), client.options.redirectUri)
  if (callback) {
    page.replaceHref(callback.scrubbed)
    noteCallback(page)
  }
  const { warning } = await client.stores()
  if (warning) context.warn(warning)
  const tabs = await client.tabs()
  tabs.open()
  const result = callback ? await complete(client, callback.parameters) : NOTHING
  const { error } = result
  if (callback && !error) {
    context.show()
    context.announce()
  }
  if (context.current() || (await restore(client))) {
    if (error) context.show(error)
  } else {
    context.drop(error ? 'sign-in-failed' : 'no-session', error)
  }
  return Object.freeze(result)
}

async function complete(client: Client, parameters: URLSearchParams): Promise<StartResult> {
  const { session, page } = client
  const { context } = session
  try {
    const completed = await context.lock(() => completeSignIn(context, parameters))
    if (completed) {
      if (completed.returnTo !== null) page.replaceHref(completed.returnTo)
      return { ...completed, error: completed.error && client.explain(completed.error) }
    }
    // The back button, a reload, or a second tab: fine where that sign-in has led to a session.
    if (await session.revalidate()) return NOTHING
    throw new AuthError('callback_state', 'The callback was used before. Sign in again.')
  } catch (error) {
    return { ...NOTHING, error: client.explain(error as AuthError) }
  }
}

/** Restores the session; where there is none, waits for another tab or client that is signing in. */
async function restore({ session }: Client): Promise<boolean> {
  if (await session.revalidate()) return true
  await session.context.lock(async () => {}).catch(() => {})
  return session.revalidate()
}
