import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'endpoints that nobody needs to sign in are of no use: they count as absent',
  metadata: members({
    userinfo_endpoint: 'javascript:alert(1)',
    end_session_endpoint: 'data:text/html,bye',
    revocation_endpoint: 7,
  }),
  expect: {
    end: 'SIGNED-IN',
    async check(_, { hostile, tabs }) {
      const { error } = (await tabs[0]?.call('userInfo')) ?? {}
      expect(error?.code).toBe(hostile ? 'userinfo_invalid' : undefined)
    },
  },
})
