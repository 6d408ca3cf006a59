import { expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { whenStarted } from '../e2e/fixture.ts'
import { seeds } from './seeds.ts'
import type { User } from './start-providers.ts'
import {
  ask,
  begin,
  type Call,
  finish,
  isGood,
  lastRefreshToken,
  signInAs,
  signInEverywhere,
  until,
  useSoak,
} from './use-soak.ts'

const CALLERS = 8
const begins = useSoak({ tabs: 4 })

const userOf = (tab: Page) =>
  tab.evaluate(() => (auth.state as { user?: { sub: string } }).user?.sub)
const ownerOf = (token: unknown): string =>
  JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()).sub

test.for(seeds())('a second sign-in and renewals do not mix, seed %i', async (seed) => {
  const run = await begins(seed)
  const { random, road, tabs } = run
  const second = random.pick<User>(['monika', 'peter', 'peter'])
  await signInEverywhere(run)
  const [entering, renewing, ...others] = random.shuffle(tabs) as [Page, Page, ...Page[]]
  const before = await userOf(entering)
  road.reset({ before: () => random.between(0, 250), after: () => random.between(0, 250) })
  const call = (): Call => ({
    from: 'now',
    after: random.between(0, 1_800),
    way: random.oneIn(3) ? 'renewal' : 'token',
  })
  const first: Call = { from: 'now', after: random.between(0, 700), way: 'renewal' }
  for (const tab of [renewing, ...others]) {
    const plan = Array.from({ length: CALLERS }, call)
    await begin(tab, tab === renewing ? [first, ...plan] : plan)
  }
  await until(Date.now() + random.between(0, 300))
  await signInAs(run, entering, second)
  const called = (await Promise.all([renewing, ...others].map(finish))).flat()
  await road.idle()

  const after = await userOf(entering)
  expect(after === before).toBe(second === 'monika')
  for (const tab of tabs) await expect.poll(() => userOf(tab)).toBe(after)
  // Who asks in the name of a user gets a token of that user or an error, never another's token.
  for (const outcome of called) {
    if ('value' in outcome) expect(ownerOf(outcome.value)).toBe(outcome.user)
    else expect(outcome.error.code).toMatch(/^(signed_out|provider_unavailable)$/)
  }
  const token: Call = { from: 'now', after: 0, way: 'token' }
  let tokens: ReadonlySet<unknown> = new Set()
  // Where the user is the same, the token of before still holds until a tab has heard of the new one.
  const tokensNow = async () => {
    const given = (await Promise.all(tabs.map((tab) => ask(tab, [token])))).flat()
    tokens = new Set(given.map((outcome) => 'value' in outcome && outcome.value))
    return tokens.size
  }
  await expect.poll(tokensNow).toBe(1)
  for (const each of tokens) expect(ownerOf(each)).toBe(after)
  const again = random.pick(tabs)
  await again.reload()
  await whenStarted(again)
  expect(await userOf(again)).toBe(after)
  expect(await isGood(run, lastRefreshToken(run))).toBe(true)
})
