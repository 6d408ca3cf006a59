import { defineCase } from '../../define-case.ts'
import { leave, signIn } from '../../run-case.ts'

export default defineCase({
  what: 'thirty-one sign-ins were abandoned before: there is room for the next',
  async play(stage) {
    if (!stage.hostile) return signIn(stage)
    const tab = await stage.open('/idle')
    // Answered so, the page stays, with the sign-in under way stored.
    await tab.page.route(`${stage.issuer.url}/authorize?*`, (route) =>
      route.fulfill({ status: 204 }),
    )
    for (let times = 0; times < 31; times++) {
      const left = tab.page.waitForResponse(/authorize/)
      await leave(tab)
      await left
      await tab.goto(`${stage.origin}/idle`)
    }
    await tab.page.close()
    return signIn(stage)
  },
  expect: { end: 'SIGNED-IN' },
})
