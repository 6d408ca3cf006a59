import { expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { whenStarted } from '../e2e/fixture.ts'
import { expectMedian } from './expect-median.ts'
import { seeds } from './seeds.ts'
import {
  begin,
  type Call,
  finish,
  isGood,
  signInEverywhere,
  statusOf,
  useSoak,
  whenStatusIs,
} from './use-soak.ts'

const CALLERS = 6
const LONGEST = 900
/** The promise is one second; what is more is left to a busy machine. */
const UNTIL_ALL_KNOW = 15_000
const noteTime = expectMedian(5_000)
const begins = useSoak({ tabs: 4 })

test.for(seeds())('a sign-out beats the renewals of other tabs, seed %i', async (seed) => {
  const run = await begins(seed)
  const { random, road, tabs } = run
  await signInEverywhere(run)
  road.reset({ before: () => random.between(0, 250), after: () => random.between(0, 250) })
  const [renewing, leaving] = random.shuffle(tabs) as [Page, Page]
  const call = (): Call => ({
    from: 'now',
    after: random.between(0, LONGEST),
    way: random.pick(['token', 'renewal']),
  })
  const first: Call = { from: 'now', after: random.between(0, 200), way: 'renewal' }
  for (const tab of tabs) {
    const plan = Array.from({ length: CALLERS }, call)
    await begin(tab, tab === renewing ? [first, ...plan] : plan)
  }
  const ended = await leaving.evaluate(
    async (wait) => {
      await new Promise((resolve) => setTimeout(resolve, wait))
      const calledAt = Date.now()
      const signingOut = auth.signOut({ local: true })
      const { status } = auth.state
      await signingOut
      return { calledAt, settledAt: Date.now(), status }
    },
    random.between(0, LONGEST),
  )
  const called = await Promise.all(tabs.map(finish))
  await road.idle()

  expect(ended.status).toBe('signed-out')
  let lastLeftAt = 0
  for (const [at, tab] of tabs.entries()) {
    await whenStatusIs(tab, 'signed-out')
    const states = await tab.evaluate(() => statuses)
    const left = states.findIndex(({ status }) => status === 'signed-out')
    const leftAt = states[left]?.at ?? 0
    expect(leftAt - ended.settledAt).toBeLessThan(UNTIL_ALL_KNOW)
    lastLeftAt = Math.max(lastLeftAt, leftAt)
    // Nothing comes back, neither what is shown nor what is given out.
    expect(states.slice(left + 1)).toEqual([])
    for (const outcome of called[at] ?? []) {
      if ('value' in outcome) expect(outcome.settledAt).toBeLessThanOrEqual(leftAt)
      else
        expect(outcome.error.code).toMatch(
          /^(signed_out|not_authenticated|session_expired|provider_unavailable)$/,
        )
    }
  }
  noteTime(lastLeftAt - ended.settledAt)
  // The last token that the provider gave is revoked by its name, and the provider agrees.
  const given = road.renewals().findLast(({ refreshToken }) => refreshToken)?.refreshToken
  if (given) {
    const revoked = () => road.exchanges.filter(({ kind }) => kind === 'revocation')
    await expect.poll(() => revoked().map(({ sent }) => sent)).toContain(given)
    await road.idle()
    expect(await isGood(run, given)).toBe(false)
  }
  const again = random.pick(tabs)
  await again.reload()
  await whenStarted(again)
  expect(await statusOf(again)).toBe('signed-out')
})
