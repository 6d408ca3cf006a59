import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { beforeAll, expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { useDemo } from './demo-fixture.ts'
import { visitEverything } from './visit-everything.ts'

const fixture = useDemo()
let axe: string

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
})

/** Part of axe-core's API. */
interface Axe {
  run(options: object): Promise<{
    violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[]
    passes: unknown[]
  }>
}

async function checkWithAxe(tab: Page, place: string): Promise<void> {
  await tab.evaluate(() => document.fonts.ready.then(() => {}))
  // Colours on their way are no colours yet.
  await tab
    .evaluate(() =>
      Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {}))).then(
        () => {},
      ),
    )
    .catch(() => {})
  const { violations, passes } = await tab.evaluate(async () => {
    const { axe } = globalThis as never as { axe: Axe }
    const { violations, passes } = await axe.run({ resultTypes: ['violations'] })
    return {
      passes: passes.length,
      violations: violations.flatMap(({ id, nodes }) =>
        nodes.map(
          ({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`,
        ),
      ),
    }
  })
  expect(passes, place).toBeGreaterThan(0)
  expect(violations, place).toEqual([])
}

test.for(['light', 'dark'] as const)(
  'axe finds nothing wrong with any page, %s',
  { timeout: 120_000 },
  async (colorScheme) => {
    const profile = await fixture.newProfile({ colorScheme })
    await profile.context.addInitScript({ content: axe })
    const tab = await profile.newPage()
    await tab.goto(fixture.demo.appUrl)
    const isDark = await tab.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
    expect(isDark).toBe(colorScheme === 'dark')
    await visitEverything(tab, fixture, (place) => checkWithAxe(tab, place))
  },
)
