import { expect, test } from 'vitest'
import { createRepeated } from '../../../src/session/create-repeated.ts'

test('a task that many ask for runs once at a time, also for who asks between two runs', async () => {
  let running = 0
  let most = 0
  const { run } = createRepeated(async () => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setImmediate(resolve))
    running--
  })
  const first = run()
  const between = first.then(run)
  await Promise.all([first, between, run()])
  expect(most).toBe(1)
})
