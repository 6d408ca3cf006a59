import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the key set cannot be had on the page of the callback at first',
  async play(stage) {
    const { tab, callback } = await stage.begin()
    let failures = stage.hostile ? 1 : 0
    stage.issuer.mutation = {
      keySetReply: (reply) => (failures-- > 0 ? { ...reply, status: 503 } : reply),
    }
    return tab.goto(callback)
  },
  expect: { end: 'SIGNED-IN' },
})
