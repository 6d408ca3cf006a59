import { expect, test } from 'vitest'
import { seeds } from './seeds.ts'
import {
  begin,
  type Call,
  expiryOf,
  finish,
  isGood,
  lastRefreshToken,
  signInEverywhere,
  statusOf,
  useSoak,
} from './use-soak.ts'

const TABS = 10
const CALLERS = 50
const begins = useSoak({ tabs: TABS })

test.for(seeds())(
  'ten tabs with fifty callers each at expiry renew once, seed %i',
  async (seed) => {
    const run = await begins(seed)
    const { random, road, tabs } = run
    run.setLifetime(2)
    await signInEverywhere(run)
    // What is renewed lives long enough for everybody to get hold of it.
    run.setLifetime(600)
    road.reset({ before: () => random.between(0, 300), after: () => random.between(0, 300) })
    const [earliest, latest] = [-random.between(0, 300), random.between(0, 800)]
    const call = (): Call => ({
      from: 'expiry',
      after: random.between(earliest, latest),
      way: random.oneIn(10) ? 'fetch' : 'token',
    })
    const expiry = await expiryOf(tabs[0])
    // One comes for sure when there is no other way than to renew.
    const last: Call = { from: 'expiry', after: latest, way: 'token' }
    await Promise.all(
      tabs.map((tab) => begin(tab, [last, ...Array.from({ length: CALLERS - 1 }, call)])),
    )
    const called = (await Promise.all(tabs.map(finish))).flat()

    expect(road.renewals()).toHaveLength(1)
    const { accessToken: renewed } = road.renewals()[0] ?? {}
    expect(called).toHaveLength(TABS * CALLERS)
    for (const { way, settledAt, ...outcome } of called) {
      expect(outcome).toMatchObject({ value: way === 'fetch' ? 200 : expect.any(String) })
      const isLate = way === 'token' && settledAt > expiry
      if (isLate && outcome.calledAt > expiry) {
        expect(outcome).toMatchObject({ value: renewed })
      }
    }
    for (const tab of tabs) expect(await statusOf(tab)).toBe('signed-in')
    // The provider saw no token twice: it would have ended the session.
    expect(await isGood(run, lastRefreshToken(run))).toBe(true)
  },
)
