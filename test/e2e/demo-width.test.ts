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

test('no page has to be scrolled sideways at a width of 360 px', { timeout: 120_000 }, async () => {
  const profile = await fixture.newProfile({ viewport: { width: 360, height: 740 } })
  const tab = await profile.newPage()
  await tab.goto(fixture.demo.appUrl)
  expect(await tab.evaluate(() => innerWidth)).toBe(360)
  await visitEverything(tab, fixture, (place) => checkWidth(tab, place))
})
