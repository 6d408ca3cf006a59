import { AuthError } from '../errors.js'
import type { Page } from '../platform/page.js'
import type { Client, Trip } from './client.js'

/** The tab's record of when its user left for the provider and came back, each a {@link Trip}. */
const TRIPS = 'tessera-auth returns'
/** The tab's record of when its user was there for sure, and signed in. */
const PRESENT = 'tessera-auth present'
const MINUTE = 60_000

/**
 * How many of these within a minute are too many. A script may cause sign-outs as well; and who has
 * come back by an address, again and again, may be the user herself.
 */
const LIMITS = [
  ['r', 3, 'Three'],
  ['rp', 12, 'Twelve'],
  ['rpl', 40, 'Forty'],
] as const

const timeOf = (trip: Trip) => Number(trip.slice(1))
const isRecent = (trip: Trip) => Math.abs(Date.now() - timeOf(trip)) < MINUTE
const markPast = (trip: Trip) => trip.replace('r', 'p') as Trip

const readTrips = (page: Page) =>
  ((page.readTabItem(TRIPS) ?? '').split(' ') as Trip[]).filter(isRecent)
const writeTrips = (page: Page, trips: readonly Trip[]) =>
  page.writeTabItem(TRIPS, trips.slice(-40).join(' '))

/** When a sign-in was completed in this tab last; 0 where nobody knows. */
export const lastSignIn = (page: Page): number => Number(page.readTabItem(PRESENT))

/** Notes that a sign-in was completed. Anything else that looks like a callback anybody can link to. */
export const noteSignIn = (page: Page): void => page.writeTabItem(PRESENT, `${Date.now()}`)

/** Notes that the user leaves for the provider. */
export function noteLeave(page: Page): void {
  writeTrips(page, [...readTrips(page), `l${Date.now()}`])
}

/**
 * Notes that the user came back from the provider, once however many clients see it.
 *
 * @param isAnswered whether the address is that of a callback; where not, she has to have left
 */
export function noteReturn(page: Page, isAnswered: boolean): void {
  const trips = readTrips(page)
  const last = trips.at(-1)
  const hasLeft = !!last?.startsWith('l')
  if (!hasLeft && (!isAnswered || (last && timeOf(last) > performance.timeOrigin))) return
  writeTrips(page, [...(hasLeft ? trips.slice(0, -1) : trips), `r${Date.now()}`])
}

/** Notes that a sign-in came to nothing before the user got to the provider. */
export function noteFailure(client: Client): void {
  client.failures = [...client.failures.filter(isRecent), `r${Date.now()}`]
}

/** Forgets what was noted: the user acted. */
export function forgetTrips(client: Client): void {
  client.failures = []
  writeTrips(client.page, [])
}

/** Notes a sign-out: what comes after it is another sign-in, unless that goes on and on. */
export function noteSignOut(client: Client): void {
  client.failures = client.failures.map(markPast)
  writeTrips(client.page, readTrips(client.page).map(markPast))
}

/**
 * The circuit breaker for automatic sign-ins: lets one begin that has not gone in circles since the
 * user last did something on a page of the app. It counts ways to the provider and back, and attempts
 * that did not get there.
 *
 * @throws {AuthError} `interaction_required` after three of these in a minute that no user asked for,
 *   and later where they may have another reason, see {@link LIMITS}
 */
export function assertNoLoop({ page, failures }: Client): void {
  const trips = [...readTrips(page), ...failures.filter(isRecent)]
  for (const [kinds, most, word] of LIMITS) {
    const count = trips.filter((trip) => kinds.includes(trip.charAt(0))).length
    if (count < most) continue
    throw new AuthError(
      'interaction_required',
      `${word} sign-ins within a minute went in circles; the next one needs a click.`,
      {
        hint: 'See auth.state.error, or that in the result of auth.start(): it says why they came to nothing.',
      },
    )
  }
}
