import { beforeEach, expect, test } from 'vitest'
import type { Profile } from '../browsers/launch-browser.ts'
import type { Page } from '../browsers/page.ts'
import { page } from '../browsers/serve-pages.ts'
import { signInAtTenant } from '../browsers/sign-in-at-tenant.ts'
import { moveClock, useClock, wake } from './clock.ts'
import { appPage, leave, signIn, useFixture, whenStarted } from './fixture.ts'

const fixture = useFixture()

declare global {
  var idle: { stay: () => void; stop: () => void }
  /** What the countdown said. */
  var countdown: (number | null)[]
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const POLL = { timeout: 15_000 }

beforeEach(() => {
  fixture.tenant.set({ consent: 'never' })
  usePage({ timeout: 10 * MINUTE, local: true })
})

/** The watch is there before anything else subscribes. */
function usePage(idle: object, options: object = {}): void {
  const html = appPage({ ...fixture.options, ...options })
    .replace(
      "from 'tessera-auth'\n",
      "from 'tessera-auth'\nimport { watchIdle } from 'tessera-auth/idle'\n",
    )
    .replace(
      'globalThis.auth = createClient()',
      `globalThis.auth = createClient()
globalThis.countdown = []
globalThis.idle = watchIdle(auth, {
  ...${JSON.stringify(idle)},
  onCountdown: (left) => countdown.push(left),
})`,
    )
  fixture.pages.setPage('/', html)
}

/** A user whose tabs have a clock that the test moves. */
async function newUser(): Promise<Profile> {
  const profile = await fixture.newProfile()
  await useClock(profile)
  return profile
}

const reasonsOf = (tab: Page) =>
  tab.evaluate(() => states.map((state) => ('reason' in state ? state.reason : state.status)))
const lastCount = (tab: Page) => tab.evaluate(() => countdown.at(-1))

test('watchIdle() counts down in every tab, starts anew with any of them, and signs out of all', async () => {
  const profile = await newUser()
  const one = await fixture.open('/', profile)
  await signIn(one, fixture)
  const other = await fixture.open('/other', profile)
  const tabs = [one, other]
  expect(await lastCount(one)).toBeUndefined()
  const pass = async (time: number) => {
    await moveClock(one, { device: time, page: time })
    const before = await one.evaluate(() => localStorage.getItem('test clock of the device'))
    for (const tab of tabs) {
      // Another process hears of it in its time.
      const seen = () => tab.evaluate(() => localStorage.getItem('test clock of the device'))
      await expect.poll(seen).toBe(before)
    }
    await wake(...tabs)
  }

  await pass(9 * MINUTE + 10 * SECOND)
  for (const tab of tabs) {
    expect(await lastCount(tab)).toBeGreaterThan(10 * SECOND)
    expect(await lastCount(tab)).toBeLessThanOrEqual(50 * SECOND)
  }
  await other.keyboard.press('Shift')
  for (const tab of tabs) await expect.poll(() => lastCount(tab), POLL).toBe(null)

  await pass(9 * MINUTE + 10 * SECOND)
  for (const tab of tabs) expect(await lastCount(tab)).toBeGreaterThan(10 * SECOND)
  await one.evaluate(() => idle.stay())
  for (const tab of tabs) await expect.poll(() => lastCount(tab), POLL).toBe(null)

  await pass(9 * MINUTE + 57 * SECOND)
  for (const tab of tabs) {
    await expect.poll(() => reasonsOf(tab), POLL).toContain('idle')
    expect(await reasonsOf(tab)).not.toContain('signed-out')
    expect(await lastCount(tab)).toBe(null)
    expect(
      await tab.evaluate(() => Object.keys(localStorage).filter((name) => / active$/.test(name))),
    ).toEqual([])
    expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toMatchObject({
      error: { code: 'not_authenticated' },
    })
  }
})

test('watchIdle() counts sleep: what wakes the device comes too late', async () => {
  const tab = await fixture.open('/', await newUser())
  await signIn(tab, fixture)
  await moveClock(tab, { device: 11 * MINUTE })
  await tab.keyboard.press('Shift')
  await expect.poll(async () => (await reasonsOf(tab)).at(-1)).toBe('idle')
})

test('watchIdle() is not put off by a clock that is set back', async () => {
  const tab = await fixture.open('/', await newUser())
  await signIn(tab, fixture)
  await moveClock(tab, { device: -60 * MINUTE, page: 9 * MINUTE })
  await wake(tab)
  expect((await reasonsOf(tab)).at(-1)).toBe('signed-in')
  await moveClock(tab, { device: 2 * MINUTE, page: 2 * MINUTE })
  await wake(tab)
  expect((await reasonsOf(tab)).at(-1)).toBe('idle')
})

test('watchIdle() counts the time in which no tab was open, and shows nothing before it says so', async () => {
  const profile = await newUser()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  // A browser without a window may be gone, so there is one, and no client in it.
  fixture.pages.setPage('/blank', page(''))
  const blank = await profile.newPage()
  await blank.goto(`${fixture.origin}/blank`)
  await tab.close()
  await moveClock(blank, { device: 11 * MINUTE })
  const later = await fixture.open('/later', profile)
  expect(await reasonsOf(later)).toEqual(['starting', 'idle'])
})

test('watchIdle() does not count the time that a sign-in takes', async () => {
  const profile = await newUser()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  fixture.tenant.endSessions()
  await leave(tab)
  await tab.waitForSelector('#username')
  fixture.pages.setPage('/blank', page(''))
  const blank = await profile.newPage()
  await blank.goto(`${fixture.origin}/blank`)
  await moveClock(blank, { device: 11 * MINUTE })
  await signInAtTenant(tab, fixture.origin)
  await whenStarted(tab)
  expect((await reasonsOf(tab)).at(-1)).toBe('signed-in')
  await tab.evaluate(() => idle.stop())
  await moveClock(tab, { device: 11 * MINUTE })
  await wake(tab)
  expect((await reasonsOf(tab)).at(-1)).toBe('signed-in')
})

test('watchIdle() ends the session at the provider as well, unless told otherwise', async () => {
  usePage({ timeout: 10 * MINUTE })
  const tab = await fixture.open('/', await newUser())
  await signIn(tab, fixture)
  await moveClock(tab, { device: 11 * MINUTE })
  const ended = tab.waitForRequest(/EndSession/)
  await wake(tab)
  await ended
})

/** Leaves no tab of the app open for longer than anybody may be idle. */
async function goAway(profile: Profile, tab: Page): Promise<Page> {
  fixture.pages.setPage('/blank', page(''))
  const blank = await profile.newPage()
  await blank.goto(`${fixture.origin}/blank`)
  await tab.close()
  await moveClock(blank, { device: 11 * MINUTE })
  return blank
}

test.for(['/callback?error=x&state=y', '/callback?code=x&state=y', '/callback#error=x'])(
  'a link that looks like the way back from the provider revives no idle session: %s',
  async (path) => {
    const profile = await newUser()
    const tab = await fixture.open('/', profile)
    await signIn(tab, fixture)
    await goAway(profile, tab)
    const later = await fixture.open(path, profile)
    expect(await reasonsOf(later)).toEqual(['starting', 'idle'])
    expect(await later.evaluate(() => outcomeOf(auth.getAccessToken()))).toMatchObject({
      error: { code: 'not_authenticated' },
    })
  },
)

test('another client of the origin has an idle time of its own', async () => {
  const profile = await newUser()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const blank = await goAway(profile, tab)
  usePage({ timeout: 10 * MINUTE, local: true }, { clientId: 'another' })
  await blank.goto(`${fixture.origin}/another`)
  await whenStarted(blank)
  await blank.evaluate(() => auth.signOut({ local: true }))
  usePage({ timeout: 10 * MINUTE, local: true })
  expect(await reasonsOf(await fixture.open('/', profile))).toEqual(['starting', 'idle'])
})

test.for([
  ['no time', 'yesterday'],
  ['yet to come, because the clock was set back', String(Date.now() + 60 * MINUTE)],
] as const)('an idle time that is %s is over', async ([, time]) => {
  const profile = await newUser()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  const blank = await goAway(profile, tab)
  await blank.evaluate((value) => {
    const name = Object.keys(localStorage).find((each) => each.endsWith(' active'))
    localStorage.setItem(String(name), value)
    localStorage.setItem('test clock of the device', '0')
  }, time)
  expect(await reasonsOf(await fixture.open('/', profile))).toEqual(['starting', 'idle'])
})

test('the watch of a client that was closed signs nobody out', async () => {
  const profile = await newUser()
  const tab = await fixture.open('/', profile)
  await signIn(tab, fixture)
  await tab.evaluate(async () => {
    auth.close()
    globalThis.auth = createClient()
    await auth.start()
  })
  await moveClock(tab, { device: 11 * MINUTE, page: 11 * MINUTE })
  await wake(tab)
  await tab.evaluate(async () => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve))
  })
  expect(await tab.evaluate(() => auth.state.status)).toBe('signed-in')
  expect(await tab.evaluate(() => outcomeOf(auth.getAccessToken()))).toEqual({
    value: expect.any(String),
  })
})

test('who signs out, in whichever tab, is not said to have been idle', async () => {
  const profile = await newUser()
  const one = await fixture.open('/', profile)
  await signIn(one, fixture)
  const other = await fixture.open('/other', profile)
  await moveClock(one, { device: 5 * MINUTE, page: 5 * MINUTE })
  await other.evaluate(() => auth.signOut({ local: true }))
  for (const tab of [one, other]) {
    await tab.waitForFunction(() => auth.state.status === 'signed-out')
    expect((await reasonsOf(tab)).at(-1)).toBe('signed-out')
  }
})

test('an idle time that no timer can count keeps no page busy', async () => {
  usePage({ timeout: 30 * 24 * 60 * MINUTE, local: true })
  const tab = await fixture.open()
  await signIn(tab, fixture)
  const reads = await tab.evaluate(async () => {
    let count = 0
    const { getItem } = Storage.prototype
    Storage.prototype.getItem = function (name) {
      count++
      return getItem.call(this, name)
    }
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve))
    return count
  })
  expect(reads).toBe(0)
})

test.for([
  ['is seen', false, 'signed-out'],
  ['is hidden', true, 'signed-in'],
] as const)(
  'a page that %s when the time is over signs out in its turn',
  async ([, hidden, status]) => {
    const tab = await fixture.open('/', await newUser())
    await signIn(tab, fixture)
    const seen = await tab.evaluate(
      ([isHidden, time]) => {
        Object.defineProperty(document, 'hidden', { value: isHidden })
        idle.stay()
        for (const clock of ['device', 'page']) {
          localStorage.setItem(`test clock of the ${clock}`, String(time))
        }
        idle.stay()
        return auth.state.status
      },
      [hidden, 10 * MINUTE] as const,
    )
    // Another one may be seen, and sign out in its stead.
    expect(seen).toBe(status)
    await expect.poll(() => reasonsOf(tab), POLL).toContain('idle')
  },
)

test('what a user does counts, also half a minute after the last time', async () => {
  const tab = await fixture.open('/', await newUser())
  await signIn(tab, fixture)
  await moveClock(tab, { device: 30 * SECOND, page: 30 * SECOND })
  await tab.keyboard.press('Shift')
  const later = 10 * MINUTE - 15 * SECOND
  await moveClock(tab, { device: later, page: later })
  await wake(tab)
  expect((await reasonsOf(tab)).at(-1)).toBe('signed-in')
})

test('a countdown takes no more than half of the time', async () => {
  usePage({ timeout: MINUTE, local: true })
  const tab = await fixture.open('/', await newUser())
  await signIn(tab, fixture)
  expect(await lastCount(tab)).toBeUndefined()
  await moveClock(tab, { device: 31 * SECOND, page: 31 * SECOND })
  await wake(tab)
  expect(await lastCount(tab)).toBeLessThan(30 * SECOND)
})
