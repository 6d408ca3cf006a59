import { defineCase } from '../../define-case.ts'
import { signIn } from '../../run-case.ts'

export default defineCase({
  what: 'the clock of the device jumps a day back during the session',
  async play(stage) {
    await signIn(stage)
    await stage.shiftClock(stage.hostile ? -86_400_000 : 0)
    const tab = await stage.open('/idle')
    await tab.call('getAccessToken')
    return tab.snapshot()
  },
  expect: { end: 'KEEP', tokenRequests: 2 },
})
