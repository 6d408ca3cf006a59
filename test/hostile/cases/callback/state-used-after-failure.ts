import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the callback of a sign-in that failed is opened again',
  async play(stage) {
    const { tab, callback } = await stage.begin()
    if (stage.hostile) {
      stage.issuer.mutation = { claims: members({ nonce: 'another' }) }
      await tab.goto(callback)
      stage.issuer.mutation = {}
    }
    return tab.goto(callback)
  },
  expect: {
    end: 'ANON',
    code: 'callback_state',
    message: 'The callback was used before. Sign in again.',
    tokenRequests: 1,
  },
})
