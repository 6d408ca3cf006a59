import type { Page as ChromiumPage } from 'playwright-core'
import { expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { expectMedian } from './expect-median.ts'
import { seeds } from './seeds.ts'
import type { Exchange, Place } from './start-road.ts'
import {
  ask,
  begin,
  type Call,
  expiryOf,
  finish,
  isGood,
  lastRefreshToken,
  signInAs,
  signInEverywhere,
  statusOf,
  until,
  useSoak,
  whenStatusIs,
} from './use-soak.ts'

const CALLERS = 5
/** An eternal lock would last. */
const LONGEST = 30_000
const noteTime = expectMedian(15_000)
const PLACES: readonly Place[] = ['before the provider', 'after the provider', 'with the answer']
const begins = useSoak({ tabs: 4 })

/** The ways a tab can end while it renews. */
const ENDS: Readonly<Record<string, (tab: Page) => Promise<unknown>>> = {
  closed: (tab) => tab.close(),
  'navigated away': (tab) => tab.goto('about:blank').then(() => tab.close()),
  async crashed(page) {
    const tab = page as ChromiumPage
    const session = await tab.context().newCDPSession(tab)
    const crashed = tab.waitForEvent('crash')
    session.send('Page.crash').catch(() => {})
    await crashed
    await tab.close()
  },
}
const ends = Object.keys(ENDS).filter(
  (end) => process.env.TESSERA_ENGINE !== 'firefox' || end !== 'crashed',
)

test.for(seeds())('the tabs recover when the one that renews is killed, seed %i', async (seed) => {
  const run = await begins(seed)
  const { random, road, tabs } = run
  const place = random.pick(PLACES)
  const end = random.pick(ends)
  const [doomed, ...others] = random.shuffle(tabs) as [Page, ...Page[]]
  run.setLifetime(2)
  await signInEverywhere(run)
  run.setLifetime(600)
  let killed: Promise<unknown> | undefined
  const arrived = new Promise<Exchange>((resolve) => {
    const kill = async () => {
      if (place === 'with the answer') await until(Date.now() + random.between(0, 40))
      await ENDS[end]?.(doomed)
    }
    road.reset({
      before: () => random.between(0, 100),
      after: () => random.between(0, 100),
      at(where, exchange) {
        resolve(exchange)
        if (where !== place || killed) return undefined
        killed = kill()
        return place === 'with the answer' ? undefined : killed
      },
    })
  })
  await until(await expiryOf(doomed))
  await doomed.evaluate(() => void auth.getAccessToken().catch(() => {}))
  const exchange = await arrived
  const call = (): Call => ({ from: 'now', after: random.between(0, 200), way: 'token' })
  const startedAt = Date.now()
  for (const tab of others) await begin(tab, Array.from({ length: CALLERS }, call))
  const called = (await Promise.all(others.map(finish))).flat()
  await killed
  await road.idle()

  // Clear words for everybody, and soon.
  const took = Math.max(...called.map(({ settledAt }) => settledAt)) - startedAt
  expect(took).toBeLessThan(LONGEST)
  noteTime(took)
  const reached = exchange.status !== undefined
  const lost = reached && exchange.answeredAt === undefined
  const served = called.filter((outcome) => 'value' in outcome).length
  const [first, second] = road.renewals()
  // With the answer, it may have stored the new refresh token, and not yet what was verified: then one
  // other tab renews with that very token.
  const isFollowedUp = place === 'with the answer' && served > 0 && second !== undefined
  if (isFollowedUp) expect(second.sent).toBe(first?.refreshToken)
  expect(road.renewals()).toHaveLength(served && reached && !isFollowedUp ? 1 : 2)
  if (lost) expect(served).toBe(0)
  if (!reached) expect(served).toBe(called.length)
  // All or nobody.
  expect([0, called.length]).toContain(served)
  for (const outcome of called) {
    if (!('value' in outcome)) {
      expect(outcome.error.code).toMatch(/^(session_expired|signed_out|not_authenticated)$/)
    }
  }
  const status = served ? 'signed-in' : 'signed-out'
  for (const tab of others) await whenStatusIs(tab, status)
  // Whoever comes next finds the same, or signs in again.
  const next = await run.open()
  expect(await statusOf(next)).toBe(status)
  if (!served) await signInAs(run, next, 'monika')
  for (const tab of others) await whenStatusIs(tab, 'signed-in')
  const tokens = await Promise.all([next, ...others].map((tab) => ask(tab, [call()])))
  expect(new Set(tokens.flat().map((outcome) => 'value' in outcome && outcome.value)).size).toBe(1)
  expect(await isGood(run, lastRefreshToken(run))).toBe(true)
})
