import { defineCase } from '../../define-case.ts'
import { KEYS } from '../../provider/keys.ts'

export default defineCase({
  what: 'the provider replaced a key and kept its name',
  async play(stage) {
    const { tab, callback } = await stage.begin()
    if (stage.hostile) {
      stage.issuer.signingKey = { ...KEYS.next, kid: 'honest' }
      stage.issuer.keys = [{ ...KEYS.next.jwk, kid: 'honest' }]
    }
    return tab.goto(callback)
  },
  expect: { end: 'SIGNED-IN', mostKeyRequests: 3 },
})
