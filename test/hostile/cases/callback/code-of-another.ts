import type { Snapshot } from '../../app.ts'
import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the code of the callback is one that an attacker got for another sign-in (code injection)',
  async play(stage) {
    if (!stage.hostile) return (await stage.open('/')).heard()[0] as Snapshot
    const attacker = await stage.begin()
    const { tab, callback } = await stage.begin()
    await attacker.tab.page.close()
    const code = new URL(attacker.callback).searchParams.get('code') ?? ''
    return tab.goto(set({ code })(new URL(callback)).href)
  },
  // PKCE is what finds it: the verifier is not that of the code.
  expect: { end: 'ANON', code: 'token_request_refused', error: { providerError: 'invalid_grant' } },
})
