import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'
import { summary } from '../../run-case.ts'

export default defineCase({
  what: 'a callback with the right state and another issuer is opened while the sign-in is under way, which still completes',
  async play(stage) {
    const { tab, callback } = await stage.begin()
    if (stage.hostile) {
      const forged = set({ iss: 'https://evil.example', code: 'forged' })(new URL(callback)).href
      const end = await (await stage.newTab()).goto(forged)
      expect(summary(end)).toMatchObject({ code: 'callback_issuer' })
    }
    return tab.goto(callback)
  },
  expect: { end: 'SIGNED-IN' },
})
