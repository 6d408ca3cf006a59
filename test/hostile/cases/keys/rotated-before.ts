import { defineCase } from '../../define-case.ts'
import { KEYS } from '../../provider/keys.ts'

export default defineCase({
  what: 'the provider rotated its keys before it signed, and the old key set is at hand',
  async play(stage) {
    const { tab, callback } = await stage.begin()
    if (stage.hostile) {
      stage.issuer.signingKey = KEYS.next
      stage.issuer.keys = [KEYS.honest.jwk, KEYS.next.jwk]
    }
    return tab.goto(callback)
  },
  expect: { end: 'SIGNED-IN', mostKeyRequests: 3 },
})
