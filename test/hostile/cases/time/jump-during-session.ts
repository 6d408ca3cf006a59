import { defineCase } from '../../define-case.ts'
import { signIn } from '../../run-case.ts'

export default defineCase({
  what: 'the clock of the device jumps a day ahead during the session',
  async play(stage) {
    await signIn(stage)
    // Another tab, with the clock as it was, would renew by turns with this one.
    await stage.tabs[0]?.page.close()
    stage.shiftClock(stage.hostile ? 86_400_000 : 0)
    const tab = await stage.open('/idle')
    await tab.call('getAccessToken')
    return tab.snapshot()
  },
  expect: { end: 'KEEP', tokenRequests: 2 },
})
