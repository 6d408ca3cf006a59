import type { Tab } from '../../create-stage.ts'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'
import { leave, signIn } from '../../run-case.ts'

export default defineCase({
  what: 'another user comes back than the one who was asked to sign in again',
  async play(stage) {
    const end = await signIn(stage)
    const tab = stage.tabs[0] as Tab
    if (stage.hostile) stage.issuer.mutation = { claims: members({ sub: 'somebody-else' }) }
    const [report] = await Promise.all([tab.report(), leave(tab, { sameUser: true })])
    return { ...(await tab.snapshot()), user: end.user ?? null, error: report.error }
  },
  expect: { end: 'KEEP', code: 'user_mismatch', tokenRequests: 2 },
})
