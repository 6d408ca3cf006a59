import { defineCase } from '../../define-case.ts'
import { answer, never } from '../../mutations.ts'

export default defineCase({
  what: 'the page is loaded again while the code is being redeemed: it is not sent again',
  async play(stage) {
    const { tab, callback } = await stage.begin()
    if (!stage.hostile) return tab.goto(callback)
    stage.issuer.mutation = { tokenReply: answer('', { after: never }) }
    await Promise.all([
      stage.issuer.reached('token'),
      tab.page.goto(callback, { waitUntil: 'commit' }),
    ])
    stage.visited.add(callback)
    return tab.goto(callback)
  },
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 1 },
})
