import { expect, test } from 'vitest'
import { CORE_AIM, CORE_BUDGET, measure, measureCore } from '../bench/measure.mjs'

test('the core with oauth4webapi inside keeps its budget', async ({ task }) => {
  const { raw, gzip, brotli } = await measureCore()
  const sizes = `${raw} bytes minified, ${gzip} gzip, ${brotli} brotli`
  Object.assign(task.meta, { figure: `core ${sizes} of ${CORE_BUDGET}, aim ${CORE_AIM}` })
  expect(brotli).toBeLessThanOrEqual(CORE_BUDGET)
  expect(raw, 'oauth4webapi is not inside').toBeGreaterThan(10_000)
})

test('what a bundle imports is what it weighs', async () => {
  const { brotli } = await measureCore()
  const both = await measure(`export * from 'tessera-auth'
    export { generateKeyPair } from 'oauth4webapi'`)
  expect(both.brotli).toBeGreaterThan(brotli)
})
