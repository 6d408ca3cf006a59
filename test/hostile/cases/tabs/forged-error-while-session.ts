import { defineCase } from '../../define-case.ts'
import { signIn } from '../../run-case.ts'

export default defineCase({
  what: 'a forged refusal is opened while somebody is signed in',
  async play(stage) {
    const end = await signIn(stage)
    if (!stage.hostile) return end
    const tab = await stage.open('/callback?error=access_denied&state=forged')
    return { ...(await tab.snapshot()), error: tab.heard()[0]?.error ?? null }
  },
  expect: { end: 'KEEP', code: 'callback_state', tokenRequests: 1 },
})
