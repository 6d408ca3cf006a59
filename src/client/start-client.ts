import { AuthError } from '../errors.js'
import { completeSignIn } from '../session/complete-sign-in.js'
import type { StartResult } from '../types.js'
import type { Client } from './create-client.js'
import { readCallback } from './read-callback.js'

const NOTHING: StartResult = Object.freeze({ returnTo: null, appState: null, error: null })
const CALLBACK_PATIENCE = 5_000

/**
 * Starts a client: completes a callback if the address of the page has one, restores the session
 * otherwise, and listens to what happens to the page. The address is scrubbed before the first wait.
 */
export function startClient(client: Client): Promise<StartResult> {
  const { page } = client.platform
  const callback = readCallback(page.href(), client.options.redirectUri)
  if (callback) page.replaceHref(callback.scrubbed)
  return start(client, callback?.parameters)
}

async function start(client: Client, parameters?: URLSearchParams): Promise<StartResult> {
  const { session } = client
  const { warning } = await client.openStorage()
  if (warning) session.context.warn(warning)
  const tabs = await client.connectTabs()
  tabs.open()
  const result = parameters ? await complete(client, parameters) : NOTHING
  if (session.context.current()) return result
  if (!(await restore(client))) {
    session.context.drop(result.error ? 'sign-in-failed' : 'no-session', result.error)
  } else if (result.error) {
    session.context.show(result.error)
  }
  return result
}

async function complete(client: Client, parameters: URLSearchParams): Promise<StartResult> {
  const { context } = client.session
  const { page } = client.platform
  client.signInLimit.noteCallback()
  try {
    const completed = await context.callbackLock(() => completeSignIn(context, parameters))
    if (!completed) return alreadyHandled(client)
    if (completed.returnTo !== null) page.replaceHref(completed.returnTo)
    const error = completed.error && context.explain(completed.error)
    return Object.freeze({ ...completed, error })
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
    return Object.freeze({ ...NOTHING, error: context.explain(error) })
  }
}

/** The back button, a reload, or a second tab: fine where that sign-in has led to a session. */
async function alreadyHandled(client: Client): Promise<StartResult> {
  if (await client.session.revalidate()) return NOTHING
  const error = new AuthError('callback_state', 'The callback was used before. Sign in again.')
  return Object.freeze({ ...NOTHING, error })
}

/** Restores the session; where there is none, waits for another tab or client that is signing in. */
async function restore({ session }: Client): Promise<boolean> {
  if (await session.revalidate()) return true
  const { callbackLock, schedule } = session.context
  await new Promise<void>((resolve) => {
    const cancel = schedule(CALLBACK_PATIENCE, resolve)
    const proceed = () => {
      cancel()
      resolve()
    }
    callbackLock(async () => {}).then(proceed, proceed)
  })
  return session.revalidate()
}
