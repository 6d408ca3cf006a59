import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the provider says bearer and names the lifetime in a text, at a renewal too',
  act: 'renew',
  tokens: members({ token_type: 'bearer', expires_in: '3600' }),
  expect: {
    end: 'KEEP',
    check: ({ expiresAt }) => expect((expiresAt ?? 0) - Date.now()).toBeGreaterThan(3_500_000),
  },
})
