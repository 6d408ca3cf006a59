import type { Page } from '../page.js'
import { keepWays } from '../ways/keep-ways.js'
import { needsSignIn, type Ways } from '../ways/ways.js'
import { watchSession } from './watch-session.js'

let turn: Promise<void> = Promise.resolve()

/** Changes how Tax eFile signs in and renews, one change after the other. */
export function changeWays(page: Page, change: Partial<Ways>): Promise<void> {
  const before = page.ways.get()
  const after = { ...before, ...change }
  page.ways.set(after)
  keepWays(after)
  turn = turn.then(() => replaceClient(page, before, after))
  return turn
}

/** Waits until the client is the one that was chosen: its predecessor is about to be closed. */
export const whenWaysAreSet = (): Promise<void> => turn

/** A client is made for what it imports. The popup alone is a matter of each sign-in. */
async function replaceClient(page: Page, before: Ways, after: Ways): Promise<void> {
  const { auth, client, config, notice } = page
  const isSame = (['frame', 'dpop', 'push'] as const).every((name) => before[name] === after[name])
  if (isSame) return
  notice.set(null)
  const isOver = auth.state.status === 'signed-in' && needsSignIn(config, before, after)
  if (isOver) await page.own(() => auth.signOut({ local: true }))
  const next = page.createAuth(after)
  await page.own(() => next.start())
  client.set(next)
  watchSession(page)
  page.onlyByUser.set(false)
  auth.close()
  if (!isOver) return
  notice.set(SIGN_IN_AGAIN)
  scrollTo(0, 0)
}

/** Said where a choice has ended the session. */
export const SIGN_IN_AGAIN = {
  tone: 'good',
  title: 'Sign in again to see the difference',
  text: 'The tokens you had are of the other kind, so Tax eFile has deleted them. As long as you are signed in at the tenant, you need no password.',
  remedy: 'sign-in',
} as const
