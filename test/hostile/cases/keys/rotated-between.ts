import { defineCase } from '../../define-case.ts'
import { KEYS } from '../../provider/keys.ts'

export default defineCase({
  what: 'the provider rotates its keys in the moment it issues the ID token',
  async play(stage) {
    const { tab, callback } = await stage.begin()
    if (stage.hostile) {
      stage.issuer.signingKey = KEYS.next
      stage.issuer.mutation = {
        keySet: (set, issuer) => (issuer.count('token') > 0 ? { keys: [KEYS.next.jwk] } : set),
      }
    }
    return tab.goto(callback)
  },
  expect: { end: 'SIGNED-IN', mostKeyRequests: 3 },
})
