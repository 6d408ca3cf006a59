import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the callback is opened in another tab after it led to a session',
  async play(stage) {
    const { tab, callback } = await stage.begin()
    const end = await tab.goto(callback)
    return stage.hostile ? (await stage.newTab()).goto(callback) : end
  },
  expect: { end: 'KEEP' },
})
