import { expect, test } from 'vitest'
import { seeds } from './seeds.ts'
import { signal, tabProcesses } from './stop-tabs.ts'
import {
  ask,
  begin,
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
const CALLERS = 25
const begins = useSoak({ tabs: TABS })

test.for(seeds())('ten tabs that slept past expiry renew once, seed %i', async (seed) => {
  const run = await begins(seed)
  const { random, road, tabs } = run
  run.setLifetime(2)
  await signInEverywhere(run)
  run.setLifetime(600)
  road.reset({ before: () => random.between(0, 200), after: () => random.between(0, 200) })
  const expiry = await expiryOf(tabs[0])
  // They fall asleep before, at or after expiry, with callers and perhaps a renewal under way.
  const call = (from: Call['from'], most: number): Call => ({
    from,
    after: random.between(-200, most),
    way: random.oneIn(10) ? 'fetch' : 'token',
  })
  const callers = (from: Call['from'], most: number) =>
    Array.from({ length: CALLERS }, () => call(from, most))
  await Promise.all(tabs.map((tab) => begin(tab, callers('expiry', 600))))
  await until(expiry + random.between(-400, 500))
  const processes = random.shuffle(tabProcesses())
  expect(processes.length).toBeGreaterThan(0)
  try {
    signal(processes, 'SIGSTOP')
    await until(Math.max(expiry, Date.now()) + random.between(50, 1200))
    for (const each of processes) {
      signal([each], 'SIGCONT')
      await until(Date.now() + random.pick([0, 0, 20, 100]))
    }
  } finally {
    signal(processes, 'SIGCONT')
  }
  const late = await Promise.all(tabs.map((tab) => ask(tab, callers('now', 200))))
  const early = await Promise.all(tabs.map(finish))

  expect(road.renewals()).toHaveLength(1)
  const called = [...early, ...late].flat()
  expect(called).toHaveLength(2 * TABS * CALLERS)
  for (const { way, ...outcome } of called) {
    expect(outcome).toMatchObject({ value: way === 'fetch' ? 200 : expect.any(String) })
  }
  for (const { way, ...outcome } of late.flat()) {
    if (way === 'token') expect(outcome).toMatchObject({ value: road.renewals()[0]?.accessToken })
  }
  for (const tab of tabs) expect(await statusOf(tab)).toBe('signed-in')
  expect(await isGood(run, lastRefreshToken(run))).toBe(true)
})
