import type { Tab } from '../../create-stage.ts'
import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'
import { leave, signIn } from '../../run-case.ts'

export default defineCase({
  what: 'the provider refuses a further sign-in of somebody who is signed in',
  async play(stage) {
    const end = await signIn(stage)
    if (!stage.hostile) return end
    stage.issuer.mutation = { callback: set({ error: 'access_denied' }) }
    const tab = stage.tabs[0] as Tab
    const [report] = await Promise.all([tab.report(), leave(tab)])
    return { ...(await tab.snapshot()), error: report.error }
  },
  expect: { end: 'KEEP', code: 'authorization_error', tokenRequests: 1 },
})
