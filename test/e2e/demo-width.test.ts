import { expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { useDemo } from './demo-fixture.ts'
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

test('no page has to be scrolled sideways at a width of 360 px', { timeout: 120_000 }, async () => {
  const profile = await fixture.newProfile({ viewport: { width: 360, height: 740 } })
  const tab = await profile.newPage()
  await tab.goto(fixture.demo.appUrl)
  expect(await tab.evaluate(() => innerWidth)).toBe(360)
  await visitEverything(tab, fixture, (place) => checkWidth(tab, place))
})
