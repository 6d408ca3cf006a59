import type { Snapshot } from '../../app.ts'
import { defineCase } from '../../define-case.ts'
import { signIn } from '../../run-case.ts'

export default defineCase({
  what: 'three sign-ins are under way, and complete in reverse order',
  async play(stage) {
    if (!stage.hostile) return signIn(stage)
    const pending = [await stage.begin(), await stage.begin(), await stage.begin()]
    let end: Snapshot | undefined
    for (const { tab, callback } of pending.reverse()) end = await tab.goto(callback)
    return end as Snapshot
  },
  expect: { end: 'SIGNED-IN', tokenRequests: 3, mostKeyRequests: 6 },
})
