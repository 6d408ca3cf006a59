import { expect } from 'vitest'
import type { Snapshot } from '../../app.ts'
import { defineCase } from '../../define-case.ts'
import { summary } from '../../run-case.ts'

export default defineCase({
  what: 'a forged callback is opened while a sign-in is under way, which still completes',
  async play(stage) {
    const { tab, callback } = await stage.begin()
    if (stage.hostile) {
      const forged = await stage.open(`/callback?code=forged&state=${'A'.repeat(43)}`)
      expect(summary(forged.heard()[0] as Snapshot)).toMatchObject({ code: 'callback_state' })
      await forged.page.close()
    }
    return tab.goto(callback)
  },
  expect: { end: 'SIGNED-IN' },
})
