import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { measure, measureCore, measureEntryPoints } from '../bench/measure.mjs'
import { putSizesIntoReadme } from './put-sizes-into-readme.mjs'
import budgets from './size-budgets.json' with { type: 'json' }

/** How far what is measured may fall below a budget before the budget says too little, in bytes. */
const SLACK = 512

test('every entry point keeps its budget, and the budget is not much more than it weighs', async ({
  task,
}) => {
  const sizes = await measureEntryPoints()
  Object.assign(task.meta, { figure: `brotli ${JSON.stringify(sizes)}` })
  expect(Object.keys(sizes)).toEqual(Object.keys(budgets))
  for (const [name, budget] of Object.entries(budgets)) {
    const bytes = sizes[name] as number
    expect(bytes, `${name} is too large`).toBeLessThanOrEqual(budget * 1024)
    expect(bytes, `${name}: lower its budget, npm run sizes`).toBeGreaterThan(budget * 1024 - SLACK)
  }
})

test('the README names the budgets', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  expect(readme).toBe(putSizesIntoReadme(readme, budgets))
  const other = Object.fromEntries(Object.keys(budgets).map((name) => [name, 99]))
  const figures = putSizesIntoReadme(readme, other).match(/99\.0/g)
  expect(figures, 'one per entry point, and the core twice').toHaveLength(
    Object.keys(budgets).length + 1,
  )
})

test('what a bundle imports is what it weighs', async () => {
  const core = await measureCore()
  expect(core.raw, 'oauth4webapi is not inside').toBeGreaterThan(10_000)
  const both = await measure(`export * from 'tessera-auth'
    export { generateKeyPair } from 'oauth4webapi'`)
  expect(both.brotli).toBeGreaterThan(core.brotli)
})
