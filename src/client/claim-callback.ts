import { parseUrl } from '../protocol/parse-url.js'
import type { Client } from './client.js'
import type { ResolvedOptions } from './resolve-options.js'

/** The tab's record of the sign-in that it left for: the client it is of, and its state. */
const SIGN_IN = 'tessera-auth sign-in'
/** The client that the tab has left for a sign-in of, until the next page of it starts. */
const LEFT = 'tessera-auth left'

/** The clients of this page that are not closed. */
const OPEN: Set<Client> = new Set()

/** Counts a client among those of the page. Returns the function that ends that. */
export function enlist(client: Client): () => void {
  // A server may make a client for each request, and completes no callback.
  if (globalThis.location) OPEN.add(client)
  return () => OPEN.delete(client)
}

/**
 * Whether a client of another provider has the same redirect URI. A provider whose answers do not name
 * the issuer could then pass the user on to the other one, and be handed its code (mix-up, RFC 9700
 * §4.4.2). Several issuers on one host count as one provider, like the apps of a CyberArk tenant.
 */
export function sharesRedirectUri({ options }: Client): boolean {
  return [...OPEN].some(
    (other) =>
      other.options.redirectUri === options.redirectUri &&
      hostOf(other.options) !== hostOf(options),
  )
}

function hostOf({ issuer, metadata }: ResolvedOptions): string {
  const own = issuer ?? (typeof metadata === 'string' ? metadata : metadata.issuer)
  // An issuer may be a name alone.
  return parseUrl(own)?.host ?? own
}

/** Notes that the page is about to leave for a sign-in of this client. */
export function claimCallback({ page, name }: Client, state: string): void {
  page.writeTabItem(SIGN_IN, `${name} ${state}`)
  page.writeTabItem(LEFT, name)
}

/** Notes that the page has not left after all, or was come back to as it was. */
export function releaseCallback({ page, name }: Client): void {
  if (page.readTabItem(LEFT) === name) page.writeTabItem(LEFT, '')
}

/**
 * How a tab comes back from a sign-in: by the back button, or led by another page, such as the provider's
 * or a server that has changed the address of the callback, if the browser tells.
 */
export type WayBack = 'traversed' | 'referred' | 'untold'

/**
 * How this tab has come back from a sign-in of this client. The first page after the sign-in gets the
 * answer, and no later one. A page that was reloaded while it was leaving has not left.
 */
export function findWayBack({ page, name }: Client): WayBack | undefined {
  if (page.readTabItem(LEFT) !== name) return undefined
  page.writeTabItem(LEFT, '')
  if (page.isReloaded()) return undefined
  if (page.isTraversed()) return 'traversed'
  return page.isReferred() ? 'referred' : 'untold'
}

/** Whether this tab itself has left for the sign-in of a `state`, as far as the browser kept that. */
export const hasLeftFor = ({ page }: Client, state: string | null): boolean =>
  !!page.readTabItem(SIGN_IN)?.endsWith(` ${state}`)

/** The client of this page that has begun the sign-in of a `state` in this tab; else the given one. */
export function claimantOf(client: Client, state: string | null): Client {
  const claim = isOfAnother(client, state) ? client.page.readTabItem(SIGN_IN) : null
  return [...OPEN].find(({ name }) => claim?.startsWith(name)) ?? client
}

/**
 * Whether a `state` is of a sign-in that another client of this tab has begun. It is found without
 * waiting for the database, and only for the last sign-in of the tab: any other state, such as a forged
 * one, is left to be reported.
 */
export function isOfAnother({ page, name }: Client, state: string | null): boolean {
  const claim = page.readTabItem(SIGN_IN)
  return !!claim?.endsWith(` ${state}`) && !claim.startsWith(name)
}
