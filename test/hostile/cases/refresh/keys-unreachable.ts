import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'
import type { Mutation } from '../../provider/mutation.ts'
import { signIn } from '../../run-case.ts'

/** What is signed with a key that the page has not seen. */
const ROTATED: Mutation = {
  keySet: () => ({ keys: [KEYS.next.jwk] }),
  idToken: ({ header, claims }) =>
    signRaw({ ...header, kid: 'next' }, claims, KEYS.next.privateKey),
}

export default defineCase({
  what: 'the key set cannot be reached just after a refresh token was used up: its successor is kept, and the next renewal works',
  async play(stage) {
    const signedIn = await signIn(stage)
    if (!stage.hostile) return signedIn
    const [tab] = stage.tabs
    stage.issuer.log.length = 0
    stage.issuer.mutation = { ...ROTATED, keySetReply: (reply) => ({ ...reply, reset: true }) }
    const renew = () => tab?.call('getAccessToken', { forceRenewal: true })
    const lost = await renew()
    expect(lost?.error).toMatchObject({ code: 'network', retryable: true })
    stage.issuer.mutation = ROTATED
    let next = await renew()
    // As soon as the renewals may go on: soon after a failure, and never as a cool-down for keys.
    while (next?.error?.code === 'provider_unavailable') {
      const { retryAfter = 0 } = next.error
      await new Promise((resolve) => setTimeout(resolve, retryAfter))
      next = await renew()
    }
    expect(next?.error).toBe(undefined)
    const sent = stage.issuer.log.filter(({ endpoint }) => endpoint === 'token')
    expect(new Set(sent.map(({ body }) => body.get('refresh_token'))).size).toBe(2)
    return (await tab?.snapshot()) as typeof signedIn
  },
  expect: { end: 'KEEP', tokenRequests: 2, mostKeyRequests: 4 },
})
