import { AuthError } from '../errors.js'
import type { Page } from '../platform/page.js'
import type { Client } from './client.js'

/** The tab's record of when its user came back from the provider. */
const RETURNS = 'tessera-auth returns'
/** The tab's record of when its user was there for sure, and signed in. */
const PRESENT = 'tessera-auth present'
const MOST = 3
const MINUTE = 60_000

const isRecent = (time: unknown) => Math.abs(Date.now() - Number(time)) < MINUTE

const recentReturns = (page: Page) =>
  (page.readTabItem(RETURNS) ?? '').split(' ').filter((time) => isRecent(time))

/** When a sign-in was completed in this tab last; 0 where nobody knows. */
export const lastSignIn = (page: Page): number => Number(page.readTabItem(PRESENT))

/** Notes that a sign-in was completed. Anything else that looks like a callback anybody can link to. */
export const noteSignIn = (page: Page): void => page.writeTabItem(PRESENT, `${Date.now()}`)

/** Notes that the user came back from the provider, once however many clients see it. */
export function noteReturn(page: Page): void {
  if (Number(recentReturns(page).at(-1)) > performance.timeOrigin) return
  page.writeTabItem(RETURNS, [...recentReturns(page).slice(-MOST), Date.now()].join(' '))
}

/** Notes that a sign-in came to nothing before the user got to the provider. */
export function noteFailure(client: Client): void {
  client.failures = [...client.failures.filter(isRecent), Date.now()]
}

/** Forgets what was noted: the user acted. */
export function forgetReturns(client: Client): void {
  client.failures = []
  client.page.writeTabItem(RETURNS, '')
}

/**
 * The circuit breaker for automatic sign-ins: lets one begin that has not gone in circles since the
 * user last did something on a page of the app. It counts returns from the provider, and attempts
 * that did not get there.
 *
 * @throws {AuthError} `interaction_required` after three of these in a minute that no user asked for
 */
export function assertNoLoop({ page, failures }: Client): void {
  if (recentReturns(page).length + failures.filter(isRecent).length < MOST) return
  throw new AuthError(
    'interaction_required',
    'Three sign-ins within a minute went in circles; the next one needs a click.',
    {
      hint: 'See auth.state.error, or that in the result of auth.start(): it says why they came to nothing.',
    },
  )
}
