// @ts-check
import { interleave } from '../interleave.mjs'
import { shiftClock } from '../stage/shift-clock.mjs'
import { LIFETIME } from '../stage/start-provider.mjs'
import { signInAnew, whenReady } from '../stage/visit.mjs'

const TABS = 10
const CALLERS = 50
/** How far ahead of the expiry the tabs are watched, in seconds, and in what steps. */
const AHEAD = 150
const STEP = 5
/** How long the callers may take, in milliseconds. */
const PATIENCE = 30_000

/** @typedef {import('playwright-core').Page} Page */

/** One tab shows that a library renews at all where nobody is in its way. */
const STORMS = [
  { title: 'one tab after sleep', count: 1, isAwake: false },
  { title: `${TABS} tabs awake`, count: TABS, isAwake: true },
  { title: `${TABS} tabs after sleep`, count: TABS, isAwake: false },
]

/**
 * Tabs with one session, and in each fifty callers when the access token runs out: in tabs that were
 * awake all the time, and in tabs that wake up after it. Counted is the worst of the rounds.
 *
 * @param {import('../interleave.mjs').Run} run
 */
export function measureStorm(run) {
  const { stage } = run
  const rounds = Math.min(run.rounds, 3)
  const worst = (/** @type {readonly number[]} */ values) => Math.max(...values)
  /** @param {string} name @param {import('../interleave.mjs').Add} add */
  const work = async (name, add) => {
    for (const { title, count, isAwake } of STORMS) {
      const clock = shiftClock()
      const { context, page } = await signInAnew(stage, name, (made) => made.clock.install())
      try {
        const tabs = [page, ...(await openTabs(stage, context, name, count - 1))]
        stage.takeRequests()
        const callers = isAwake ? callWhenAwake : callAfterSleep
        await callers(tabs, async (seconds, way) => {
          clock.advance(seconds * 1000)
          await context.clock[way](seconds * 1000)
          await stage.whenIdle()
        })
        const good = await Promise.all(tabs.map((tab) => countServed(tab, CALLERS)))
        await stage.whenIdle()
        const kept = await Promise.all(
          tabs.map(async (tab) => {
            await tab.evaluate(callLater, [1, 0]).catch(() => {})
            return countServed(tab, 1)
          }),
        )
        const renewals = stage.takeRequests().filter(isRenewal)
        add(`${title}: token requests`, '', renewals.length)
        add(`${title}: failed callers`, '', count * CALLERS - sum(good))
        add(`${title}: sessions lost`, '', count - sum(kept))
      } finally {
        clock.restore()
        await context.close()
      }
    }
  }
  return interleave({ ...run, rounds }, 'storm', work, worst)
}

/** @typedef {(seconds: number, way: 'runFor' | 'fastForward') => Promise<void>} Pass */

/** @param {readonly Page[]} tabs @param {Pass} pass */
async function callWhenAwake(tabs, pass) {
  await pass(LIFETIME - AHEAD, 'fastForward')
  for (let left = AHEAD + STEP; left > 0; left -= STEP) await pass(STEP, 'runFor')
  await Promise.all(tabs.map((tab) => tab.evaluate(callLater, [CALLERS, 0])))
}

/** @param {readonly Page[]} tabs @param {Pass} pass */
async function callAfterSleep(tabs, pass) {
  const away = 2 * LIFETIME
  await Promise.all(tabs.map((tab) => tab.evaluate(callLater, [CALLERS, away * 1000])))
  await pass(away, 'fastForward')
}

/** @param {import('../stage/start-server.mjs').SeenRequest} request */
const isRenewal = ({ method, path }) => method === 'POST' && path === '/oauth/token'

/**
 * @param {import('../stage/start-stage.mjs').Stage} stage
 * @param {import('playwright-core').BrowserContext} context
 * @param {string} name
 * @param {number} count
 */
async function openTabs(stage, context, name, count) {
  const tabs = []
  while (tabs.length < count) {
    const tab = await context.newPage()
    await whenReady(tab, () => tab.goto(stage.homeOf(name)))
    if (!(await tab.evaluate('user'))) throw new Error('the session is not found in another tab')
    tabs.push(tab)
  }
  return tabs
}

/**
 * Runs in the page: so many callers ask for a token, so many milliseconds from now. A token that
 * has run out serves nobody.
 *
 * @param {number[]} plan
 */
function callLater([count = 0, delay = 0]) {
  const page = /** @type {any} */ (globalThis)
  page.served = 0
  page.settled = 0
  const call = async () => {
    try {
      const token = await page.app.getToken()
      const { exp } = JSON.parse(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')))
      if (exp * 1000 > Date.now()) page.served++
    } finally {
      page.settled++
    }
  }
  const callAll = () => {
    for (let caller = 0; caller < count; caller++) call().catch(() => {})
  }
  if (delay) setTimeout(callAll, delay)
  else callAll()
}

/**
 * How many of a page's callers got a token. A page that has gone somewhere else served nobody.
 *
 * @param {Page} tab
 * @param {number} count
 */
async function countServed(tab, count) {
  try {
    await tab.waitForFunction(`settled === ${count}`, undefined, { timeout: PATIENCE, polling: 50 })
  } catch {}
  return Number(await tab.evaluate('globalThis.served ?? 0').catch(() => 0))
}

/** @param {readonly number[]} values */
const sum = (values) => values.reduce((one, other) => one + other, 0)
