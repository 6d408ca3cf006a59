import { expect, test } from 'vitest'
import { whenStarted } from '../e2e/fixture.ts'
import { seeds } from './seeds.ts'
import {
  type Call,
  expiryOf,
  finish,
  isGood,
  lastRefreshToken,
  signInEverywhere,
  statusOf,
  until,
  useSoak,
} from './use-soak.ts'

const TABS = 10
/** They ask while the client starts, and after. */
const PLAN: readonly Call[] = [0, 0, 0, 30, 100, 400].map((after, at) => ({
  from: 'now',
  after,
  way: at % 3 === 2 ? 'fetch' : 'token',
}))
const begins = useSoak({
  tabs: TABS,
  script: `globalThis.callsUnderWay = callAll(${JSON.stringify(PLAN)})`,
})

test.for(seeds())('ten tabs restored at once renew once, seed %i', async (seed) => {
  const run = await begins(seed)
  const { random, road, tabs } = run
  run.setLifetime(2)
  await signInEverywhere(run)
  run.setLifetime(600)
  road.reset({ before: () => random.between(0, 300), after: () => random.between(0, 300) })
  const address = tabs[0]?.url() ?? ''
  const expiry = await expiryOf(tabs[0])
  await Promise.all(tabs.map((tab) => tab.goto('about:blank')))
  await until(expiry)
  const spread = random.pick([0, 50, 300])
  await Promise.all(
    random.shuffle(tabs).map(async (tab) => {
      await until(Date.now() + random.between(0, spread))
      await tab.goto(address)
      await whenStarted(tab)
    }),
  )
  const called = (await Promise.all(tabs.map(finish))).flat()

  expect(road.renewals()).toHaveLength(1)
  expect(called).toHaveLength(TABS * PLAN.length)
  for (const { way, ...outcome } of called) {
    const value = way === 'fetch' ? 200 : road.renewals()[0]?.accessToken
    expect(outcome).toMatchObject({ value })
  }
  for (const tab of tabs) expect(await statusOf(tab)).toBe('signed-in')
  expect(await isGood(run, lastRefreshToken(run))).toBe(true)
})
