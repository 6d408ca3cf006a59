import { AuthError } from '../errors.js'
import type { Page } from '../platform/page.js'

/** The tab's record of when its user came back from the provider. */
const RETURNS = 'tessera-auth returns'
const MOST = 3
const MINUTE = 60_000

const recentReturns = (page: Page) =>
  (page.readTabItem(RETURNS) ?? '')
    .split(' ')
    .filter((time) => Math.abs(Date.now() - Number(time)) < MINUTE)

/** When the user last came back from the provider in this tab; 0 where nobody knows. */
export function lastReturn(page: Page): number {
  return Number((page.readTabItem(RETURNS) ?? '').split(' ').at(-1))
}

/** Notes that the user came back from the provider, once however many clients see it. */
export function noteReturn(page: Page): void {
  if (Number(recentReturns(page).at(-1)) > performance.timeOrigin) return
  page.writeTabItem(RETURNS, [...recentReturns(page).slice(-MOST), Date.now()].join(' '))
}

/** Forgets what was noted: the user acted. */
export function forgetReturns(page: Page): void {
  if (page.readTabItem(RETURNS)) page.writeTabItem(RETURNS, '')
}

/**
 * The circuit breaker for automatic sign-ins: lets one begin that has not gone in circles since the
 * user last did something on a page of the app. It counts returns from the provider, not attempts.
 *
 * @throws {AuthError} `interaction_required` after three round trips in a minute that no user asked
 *   for
 */
export function assertNoLoop(page: Page): void {
  if (recentReturns(page).length < MOST) return
  throw new AuthError(
    'interaction_required',
    'Three sign-ins within a minute went in circles; the next one needs a click.',
    { hint: 'See the error in the result of auth.start(), which says why they came to nothing.' },
  )
}
