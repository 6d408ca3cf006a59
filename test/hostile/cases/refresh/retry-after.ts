import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the provider asks to wait: the next renewal does not even leave',
  act: 'renew',
  tokenReply: answer('', {
    status: 429,
    headers: { 'retry-after': '60', 'access-control-expose-headers': 'retry-after' },
  }),
  expect: {
    end: 'KEEP',
    code: 'provider_unavailable',
    error: { retryAfter: 60_000 },
    async check(_, { hostile, tabs, issuer }) {
      const again = await tabs[0]?.call('getAccessToken', { forceRenewal: true })
      if (!hostile) return
      expect(again?.error?.code).toBe('provider_unavailable')
      expect(issuer.count('token')).toBe(1)
    },
  },
})
