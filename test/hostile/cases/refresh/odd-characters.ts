import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'
import { MARKER } from '../../provider/keys.ts'
import { signIn } from '../../run-case.ts'

export default defineCase({
  what: 'the refresh token has characters that mean something in a form, and comes back as it was',
  async play(stage) {
    if (!stage.hostile) return signIn(stage)
    const odd = `${MARKER} +&=%25;é/\u{1f600}`
    stage.issuer.mutation = { tokens: members({ refresh_token: odd }) }
    const end = await signIn(stage)
    const [tab] = stage.tabs
    await tab?.call('getAccessToken', { forceRenewal: true })
    expect(
      stage.issuer.log.findLast(({ endpoint }) => endpoint === 'token')?.body.get('refresh_token'),
    ).toBe(odd)
    return (await tab?.snapshot()) ?? end
  },
  expect: { end: 'ENDED', code: 'session_expired', tokenRequests: 2 },
})
