import type { SignInRequest } from '../types/requests.js'
import type { Client } from './client.js'
import { dismiss } from './dismiss.js'
import { signIn } from './sign-in.js'

/**
 * Longer than `userActivation.isActive` stays true after a click, in milliseconds: if it is true later
 * than that, there was another click.
 */
const PATIENCE = 5_000

/**
 * Makes the function that sends the user to the provider, one sign-in at a time: later callers join the
 * one under way, unless it is known to be abandoned.
 */
export function createLeaveOnce(
  client: Client,
): (request: SignInRequest, signOuts: number) => Promise<void> {
  let running: Promise<void> | undefined
  let via: SignInRequest['via']
  let startedAt = 0
  /** `client.signOuts` when it was requested. */
  let askedAt = 0
  /** Whether a sign-out was requested since: the sign-in will reject with `signed_out`. */
  const isOvertaken = () => askedAt !== client.signOuts

  return async (request, signOuts) => {
    await whenSignedOut(client).catch((error) => {
      void dismiss(request, error)
      throw error
    })
    const { redirecting } = client
    // No event tells that the user has stopped the page while it was leaving; a click long after does.
    const isGivenUp = redirecting && (isAbandoned(redirecting.at) || isOvertaken())
    if (isGivenUp) redirecting.interrupt()
    // Let the redirect that was given up settle. Callers in the same tick wait here as well, and then
    // join the one that starts below.
    if (!via && (isGivenUp || isOvertaken())) await running?.catch(() => {})
    // A popup joins no other sign-in. If that was a popup too, opening the new one has ended it.
    while (request.via && running) await running.catch(() => {})
    // The provider may have cut our tie to the popup, so we cannot tell whether it is still open.
    if (via && (isAbandoned(startedAt) || isOvertaken())) running = undefined
    if (!running) {
      via = request.via
      startedAt = Date.now()
      askedAt = signOuts
      const own = signIn(client, request, signOuts).finally(() => {
        if (running === own) running = undefined
      })
      running = own
    }
    return running
  }
}

/**
 * Waits for a sign-out under way. The page goes where it is sent last, so a sign-in would take its place
 * and leave the session at the provider alive.
 */
async function whenSignedOut(client: Client): Promise<void> {
  if (client.signingOut && isAbandoned(client.signingOut.at)) client.signingOut = undefined
  // A sign-out that waited for the start has yet to leave for the provider when that is done.
  let waited: Client['signingOut']
  while (waited !== client.signingOut) {
    waited = client.signingOut
    await waited?.done
  }
}

/** Whether the user has just clicked, long after the page began to leave. */
const isAbandoned = (since: number): boolean =>
  !!globalThis.navigator?.userActivation?.isActive && Date.now() - since > PATIENCE
