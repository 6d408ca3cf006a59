import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { signIn } from '../../run-case.ts'

export default defineCase({
  what: 'a forged callback is opened while somebody is signed in',
  async play(stage) {
    const end = await signIn(stage)
    if (!stage.hostile) return end
    const tab = await stage.open(`/callback?code=forged&state=${'A'.repeat(43)}`)
    const { error } = (await tab.snapshot()).calls[0] ?? {}
    expect(error?.code).toBe('callback_state')
    return { ...(await tab.snapshot()), error: error ?? null }
  },
  expect: { end: 'KEEP', code: 'callback_state', tokenRequests: 1 },
})
