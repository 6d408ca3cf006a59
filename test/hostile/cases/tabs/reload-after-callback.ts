import { defineCase } from '../../define-case.ts'
import { signIn } from '../../run-case.ts'

export default defineCase({
  what: 'the page of the callback is loaded again after the sign-in',
  async play(stage) {
    const end = await signIn(stage)
    const [tab] = stage.tabs
    if (!stage.hostile || !tab) return end
    const [report] = await Promise.all([tab.report(), tab.page.reload({ waitUntil: 'commit' })])
    return report
  },
  expect: { end: 'KEEP', tokenRequests: 1 },
})
