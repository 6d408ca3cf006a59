import type { Client } from './client.js'

/** The tab's record of the sign-in that it left for: the client it is of, and its state. */
const SIGN_IN = 'tessera-auth sign-in'

/** Notes that the page is about to leave for a sign-in of this client. */
export function claimCallback({ page, name }: Client, state: string): void {
  page.writeTabItem(SIGN_IN, `${name} ${state}`)
}

/**
 * Whether a state is of a sign-in that another client of this tab has begun. What can be known before
 * the first wait: the transaction itself lies in a database. Of any other state it is not said whose
 * it is, so that a forged one is reported.
 */
export function isOfAnother({ page, name }: Client, state: string | null): boolean {
  const claim = page.readTabItem(SIGN_IN)
  return !!claim?.endsWith(` ${state}`) && !claim.startsWith(name)
}
