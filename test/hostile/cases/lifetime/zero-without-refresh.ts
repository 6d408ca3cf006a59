import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the access token lives for no second, and nothing can renew it',
  tokens: members({ expires_in: 0, refresh_token: undefined }),
  expect: {
    end: 'SIGNED-IN',
    async check(_, { hostile, tabs }) {
      const { error } = (await tabs[0]?.call('getAccessToken')) ?? {}
      expect(error?.code).toBe(hostile ? 'session_expired' : undefined)
      expect((await tabs[0]?.snapshot())?.renewal).toBe(hostile ? 'expired' : 'idle')
    },
  },
})
