import { expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { signInToDemo, useDemo } from './demo-fixture.ts'
import { visitEverything } from './visit-everything.ts'

const fixture = useDemo()

async function checkWidth(tab: Page, place: string): Promise<void> {
  const [scroll, client] = await tab.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return [scrollWidth, clientWidth]
  })
  expect(scroll, place).toBeLessThanOrEqual(Number(client))
}

/** How much of the columns of a page is empty below what is in them, in pixels. */
const emptyBelow = (tab: Page) =>
  tab.evaluate(() =>
    [...document.querySelectorAll('.columns > .column')].map((column) => {
      const last = column.lastElementChild?.lastElementChild
      const end = column.parentElement?.getBoundingClientRect().bottom ?? Number.NaN
      return Math.round(end - (last?.getBoundingClientRect().bottom ?? Number.NaN))
    }),
  )

test('no column of a page ends far above the other at 1200 px', { timeout: 120_000 }, async () => {
  const profile = await fixture.newProfile({ viewport: { width: 1200, height: 800 } })
  const tab = await profile.newPage()
  const seen: string[] = []
  await visitEverything(tab, fixture, async (place) => {
    for (const empty of await emptyBelow(tab)) {
      seen.push(place)
      expect(empty, place).toBeLessThan(240)
    }
  })
  expect(new Set(seen)).toContain('overview')
  expect(new Set(seen)).toContain('password')
})

test.for([320, 360, 375])(
  'no page has to be scrolled sideways at a width of %i px',
  { timeout: 120_000 },
  async (width) => {
    const profile = await fixture.newProfile({ viewport: { width, height: 740 } })
    const tab = await profile.newPage()
    await tab.goto(fixture.demo.appUrl)
    expect(await tab.evaluate(() => innerWidth)).toBe(width)
    await visitEverything(tab, fixture, (place) => checkWidth(tab, place))
  },
)

test('no page of the tenant has to be scrolled in a popup', { timeout: 120_000 }, async () => {
  // As large as `popup()` opens it.
  const profile = await fixture.newProfile({ viewport: { width: 480, height: 640 } })
  const tab = await profile.newPage()
  const seen: string[] = []
  await visitEverything(tab, fixture, async (place) => {
    if (!place.startsWith('tenant: ')) return
    seen.push(place)
    const heights = await tab.evaluate(() => [document.documentElement.scrollHeight, innerHeight])
    expect(heights, place).toEqual([640, 640])
  })
  expect(seen).toEqual([
    'tenant: home',
    'tenant: not found',
    'tenant: sign-in',
    'tenant: wrong password',
    'tenant: consent',
    'tenant: consent to payments',
  ])
})

/** What of a page is cut, takes a line too many, or has less than the width that there is. */
const findCramped = (tab: Page) =>
  tab.evaluate(() => {
    const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)]
    const lineHeight = Number.parseFloat(getComputedStyle(document.body).lineHeight)
    const isCut = all('.site-user-name').filter((each) => each.scrollWidth > each.clientWidth)
    const isBroken = all('.site-nav a').filter((each) => each.clientHeight > 2 * lineHeight)
    const isNarrow = all('.event-text, .permission-text').filter((each) => {
      const { right = 0 } = each.parentElement?.getBoundingClientRect() ?? {}
      return right - each.getBoundingClientRect().right > 1
    })
    const isTorn = all('[class^=accounts-iban]').filter((each) => {
      const range = document.createRange()
      range.selectNodeContents(each)
      return range.getClientRects().length > 2
    })
    return [...isCut, ...isBroken, ...isNarrow, ...isTorn].map((each) => each.textContent)
  })

test.for([320, 375])('words have the room that there is at a width of %i px', async (width) => {
  const profile = await fixture.newProfile({ viewport: { width, height: 740 } })
  const tab = await fixture.open('/', profile)
  await signInToDemo(tab, fixture)
  await tab.getByText('Welcome, monika.a').waitFor()
  expect(await findCramped(tab)).toEqual([])
  await tab.getByRole('button', { name: 'Read my accounts' }).click()
  await tab.getByRole('link', { name: 'See them' }).click()
  await tab.locator('.accounts-iban-below').first().waitFor()
  expect(await findCramped(tab)).toEqual([])
})
