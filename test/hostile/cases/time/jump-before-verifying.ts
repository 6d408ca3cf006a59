import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

const SLEEP = 6 * 60_000

export default defineCase({
  what: 'the device sleeps for six minutes between the token response and the keys that it needs',
  async play(stage) {
    const { tab, callback } = await stage.begin()
    const { issuer, hostile } = stage
    let wake = () => {}
    const awake = new Promise<void>((resolve) => {
      wake = resolve
    })
    const known = issuer.count('jwks')
    issuer.mutation = {
      idToken: ({ header, claims }) =>
        signRaw({ ...header, kid: 'next' }, claims, KEYS.next.privateKey),
      keySet: () => ({ keys: [KEYS.next.jwk] }),
      keySetReply: (reply) => ({ ...reply, after: awake }),
    }
    const end = tab.goto(callback)
    await issuer.reached('jwks', known + 1)
    if (hostile) {
      await tab.page.evaluate((milliseconds) => {
        window.setup.shift += milliseconds
      }, SLEEP)
    }
    wake()
    return end
  },
  expect: { end: 'SIGNED-IN', mostKeyRequests: 2 },
})
