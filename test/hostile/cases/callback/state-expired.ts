import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the user comes back after more than an hour',
  async play(stage) {
    const { tab, callback } = await stage.begin()
    stage.shiftClock(stage.hostile ? 61 * 60_000 : 0)
    const end = await tab.goto(callback)
    stage.shiftClock(stage.hostile ? -61 * 60_000 : 0)
    await stage.open('/idle')
    return end
  },
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
