import { AuthError } from '../errors.js'
import type { Page } from '../platform/page.js'
import type { Client } from './client.js'

/**
 * The tab's record of when its user came back from the provider. Below zero are those before a
 * sign-out, and when she left and is not known to be back.
 */
const RETURNS = 'tessera-auth returns'
/** The tab's record of when its user was there for sure, and signed in. */
const PRESENT = 'tessera-auth present'
const MOST = 3
/** With those below zero: a script may cause sign-outs as well, or come back as nobody can tell. */
const MOST_IN_ALL = 12
const MINUTE = 60_000

const isRecent = (time: number) => Math.abs(Date.now() - Math.abs(time)) < MINUTE

const recentReturns = (page: Page) =>
  (page.readTabItem(RETURNS) ?? '').split(' ').map(Number).filter(isRecent)

const markPast = (times: readonly number[]) => times.map((time) => -Math.abs(time))

const writeReturns = (page: Page, times: readonly number[]) =>
  page.writeTabItem(RETURNS, times.join(' '))

/** When a sign-in was completed in this tab last; 0 where nobody knows. */
export const lastSignIn = (page: Page): number => Number(page.readTabItem(PRESENT))

/** Notes that a sign-in was completed. Anything else that looks like a callback anybody can link to. */
export const noteSignIn = (page: Page): void => page.writeTabItem(PRESENT, `${Date.now()}`)

/** Notes that the user leaves for the provider. */
export function noteLeave(page: Page): void {
  writeReturns(page, [...recentReturns(page), -Date.now()].slice(-MOST_IN_ALL))
}

/**
 * Notes that the user came back from the provider, once however many clients see it.
 *
 * @param isAnswered whether the address is that of a callback; where not, she has to have left
 */
export function noteReturn(page: Page, isAnswered: boolean): void {
  const before = recentReturns(page)
  const last = before.at(-1) ?? 0
  if (last > performance.timeOrigin || (last >= 0 && !isAnswered)) return
  writeReturns(page, [...before.slice(0, last < 0 ? -1 : undefined), Date.now()])
}

/** Notes that a sign-in came to nothing before the user got to the provider. */
export function noteFailure(client: Client): void {
  client.failures = [...client.failures.filter(isRecent), Date.now()]
}

/** Forgets what was noted: the user acted. */
export function forgetReturns(client: Client): void {
  client.failures = []
  writeReturns(client.page, [])
}

/** Notes a sign-out: what comes after it is another sign-in, unless that goes on and on. */
export function noteSignOut(client: Client): void {
  client.failures = markPast(client.failures)
  writeReturns(client.page, markPast(recentReturns(client.page)))
}

/**
 * The circuit breaker for automatic sign-ins: lets one begin that has not gone in circles since the
 * user last did something on a page of the app. It counts returns from the provider, and attempts
 * that did not get there.
 *
 * @throws {AuthError} `interaction_required` after three of these in a minute that no user asked for,
 *   or twelve with sign-outs in between
 */
export function assertNoLoop({ page, failures }: Client): void {
  const all = [...recentReturns(page), ...failures.filter(isRecent)]
  const sinceSignOut = all.filter((time) => time > 0).length
  if (sinceSignOut < MOST && all.length < MOST_IN_ALL) return
  throw new AuthError(
    'interaction_required',
    `${sinceSignOut < MOST ? 'Twelve' : 'Three'} sign-ins within a minute went in circles; the next one needs a click.`,
    {
      hint: 'See auth.state.error, or that in the result of auth.start(): it says why they came to nothing.',
    },
  )
}
