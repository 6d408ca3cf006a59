import { defineCase } from '../../define-case.ts'
import { signIn } from '../../run-case.ts'

export default defineCase({
  what: 'an attacker makes the user open the callback of a sign-in of theirs',
  async play(stage) {
    if (!stage.hostile) return signIn(stage)
    const attacker = await stage.begin()
    await stage.forgetEverything(attacker.tab)
    return (await stage.newTab()).goto(attacker.callback)
  },
  expect: { end: 'ANON', code: 'callback_state', tokenRequests: 0 },
})
