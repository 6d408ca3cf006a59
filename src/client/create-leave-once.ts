import type { SignInRequest } from '../types/requests.js'
import type { Client } from './client.js'
import { signIn } from './sign-in.js'

/** Longer than a click counts as the user's word in any browser. */
const PATIENCE = 5_000

/**
 * Makes the function that sends the user to the provider once at a time: whoever asks meanwhile joins
 * that sign-in, unless it is known to be of no use any more.
 */
export function createLeaveOnce(
  client: Client,
): (request: SignInRequest, signOuts: number) => Promise<void> {
  let leaving: Promise<void> | undefined
  let by: SignInRequest['via']
  let since = 0
  /** How often the user had signed out when it was asked for. */
  let count = 0
  // One that was asked for before a sign-out comes to nothing.
  const isVoid = () => count !== client.signOuts

  return async (request, signOuts) => {
    await whenSignedOut(client)
    const { left } = client
    // A page that was stopped on its way does not say so.
    const isInterrupted = left && (isStopped(left.at) || isVoid())
    if (isInterrupted) left.interrupt()
    // Whoever asks in the same tick waits for no more than that, and joins what comes after it.
    if (!by && (isInterrupted || isVoid())) await leaving?.catch(() => {})
    // A window has ended the sign-in before.
    while (request.via && leaving) await leaving.catch(() => {})
    // Of one that was cut off nobody knows whether it is still there.
    if (by && (isStopped(since) || isVoid())) leaving = undefined
    if (!leaving) {
      by = request.via
      since = Date.now()
      count = signOuts
      const own = signIn(client, request, signOuts).finally(() => {
        if (leaving === own) leaving = undefined
      })
      leaving = own
    }
    return leaving
  }
}

/** Whichever leaves last is where the page goes: the session at the provider would live on. */
async function whenSignedOut(client: Client): Promise<void> {
  if (isStopped(client.endedAt)) client.ending = undefined
  // One that waits for the start has yet to leave when it is through.
  let ending: Client['ending']
  while (ending !== client.ending) {
    ending = client.ending
    await ending
  }
}

/** Who clicks again after that long has stopped the page on its way to the provider. */
const isStopped = (since = 0): boolean =>
  !!globalThis.navigator?.userActivation?.isActive && Date.now() - since > PATIENCE
