import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the callback is opened again after it led to a session',
  async play(stage) {
    const { tab, callback } = await stage.begin()
    const end = await tab.goto(callback)
    return stage.hostile ? tab.goto(callback) : end
  },
  expect: { end: 'KEEP' },
})
