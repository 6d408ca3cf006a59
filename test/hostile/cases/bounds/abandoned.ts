import { defineCase } from '../../define-case.ts'
import { leave, signIn } from '../../run-case.ts'

export default defineCase({
  what: 'thirty-one sign-ins were abandoned before: there is room for the next',
  async play(stage) {
    if (stage.hostile) {
      const { tab } = await stage.begin()
      // The page alone, without going anywhere: what counts is what it has stored.
      await tab.goto(`${stage.origin}/idle`)
      await tab.page.route(`${stage.issuer.url}/authorize?*`, (route) => route.abort())
      for (let times = 0; times < 30; times++) {
        const left = tab.page.waitForEvent('requestfailed')
        await leave(tab, { appState: times })
        await left
        await tab.goto(`${stage.origin}/idle`)
      }
      await tab.page.close()
    }
    return signIn(stage)
  },
  expect: { end: 'SIGNED-IN' },
})
