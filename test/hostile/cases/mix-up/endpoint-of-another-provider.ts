import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'
import { signIn } from '../../run-case.ts'

export default defineCase({
  what: 'an attacker who is a provider names the token endpoint of another, and its issuer in the callback',
  async play(stage) {
    if (!stage.hostile) return signIn(stage)
    const victim = stage.addIssuer()
    stage.issuer.mutation = {
      metadata: members({ authorization_endpoint: `${victim.url}/authorize` }),
    }
    // The user signs in at the honest one; its code would go to the attacker's token endpoint.
    return signIn(stage)
  },
  expect: { end: 'ANON', code: 'callback_issuer', tokenRequests: 0 },
})
