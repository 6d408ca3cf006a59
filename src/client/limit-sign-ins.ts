import { AuthError } from '../errors.js'
import type { Page } from '../platform/page.js'
import type { Client, Trip } from './client.js'

/** The tab's record of its trips to the provider, each a {@link Trip}. */
const TRIPS = 'tessera-auth returns'
/** The tab's record of when a sign-in was last completed in it. */
const PRESENT = 'tessera-auth present'
const MINUTE = 60_000

/** More are not counted. */
const MOST_TRIPS = 40

/**
 * How many trips of these kinds within a minute are too many. Sign-outs in between (`p`) allow for more,
 * but not for any number: a script can sign out as well. `l` counts least, because the user may have come
 * back by typing the address.
 */
const LIMITS = [
  ['r', 3, 'Three'],
  ['rp', 12, 'Twelve'],
  ['rpl', MOST_TRIPS, 'Forty'],
] as const

const timeOf = (trip: Trip) => Number(trip.slice(1))
const isRecent = (trip: Trip) => Math.abs(Date.now() - timeOf(trip)) < MINUTE
const markPast = (trip: Trip) => trip.replace('r', 'p') as Trip

const readTrips = (page: Page) =>
  ((page.readTabItem(TRIPS) ?? '').split(' ') as Trip[]).filter(isRecent)
const writeTrips = (page: Page, trips: readonly Trip[]) =>
  page.writeTabItem(TRIPS, trips.slice(-MOST_TRIPS).join(' '))

/** When a sign-in was last completed in this tab, in milliseconds since the epoch; 0 if unknown. */
export const lastSignIn = (page: Page): number => Number(page.readTabItem(PRESENT))

/** Notes a completed sign-in. No other callback counts: anybody can make a link that looks like one. */
export const noteSignIn = (page: Page): void => page.writeTabItem(PRESENT, `${Date.now()}`)

/** Notes that the user leaves for the provider. */
export function noteLeave(page: Page): void {
  writeTrips(page, [...readTrips(page), `l${Date.now()}`])
}

/**
 * Notes that the user came back from the provider, once for all clients of the page.
 *
 * @param isAnswered whether the address has a callback; if not, it counts only if the user had left
 */
export function noteReturn(page: Page, isAnswered: boolean): void {
  const trips = readTrips(page)
  const last = trips.at(-1)
  const hasLeft = !!last?.startsWith('l')
  if (!hasLeft && (!isAnswered || (last && timeOf(last) > performance.timeOrigin))) return
  writeTrips(page, [...(hasLeft ? trips.slice(0, -1) : trips), `r${Date.now()}`])
}

/** Notes that a sign-in failed before the user got to the provider. */
export function noteFailure(client: Client): void {
  client.failures = [...client.failures.filter(isRecent), `r${Date.now()}`]
}

/** Forgets all trips, because the user acted. */
export function forgetTrips(client: Client): void {
  client.failures = []
  writeTrips(client.page, [])
}

/** Notes a sign-out: the trips before it count less from now on. */
export function noteSignOut(client: Client): void {
  client.failures = client.failures.map(markPast)
  writeTrips(client.page, readTrips(client.page).map(markPast))
}

/**
 * Breaks loops of automatic sign-ins. It counts trips to the provider, and attempts that did not get
 * there, since the user last did something on a page of the app.
 *
 * @throws {AuthError} `interaction_required` after three of them within a minute, or more if they may
 *   have another reason, see {@link LIMITS}
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
