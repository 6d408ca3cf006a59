import { defineCase } from '../../define-case.ts'
import { signIn } from '../../run-case.ts'

export default defineCase({
  what: 'forty sign-ins were abandoned before: there is room for the next',
  async play(stage) {
    if (!stage.hostile) return signIn(stage)
    stage.issuer.interactive = true
    const tab = await stage.newTab()
    for (let times = 1; times <= 8; times++) {
      await tab.page.goto(`${stage.origin}/`, { waitUntil: 'commit' })
      await stage.issuer.reached('authorize', times)
    }
    stage.issuer.interactive = false
    return tab.goto(`${stage.origin}/`)
  },
  expect: { end: 'SIGNED-IN' },
})
