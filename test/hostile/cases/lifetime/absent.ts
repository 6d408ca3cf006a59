import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the lifetime is absent, as it may be',
  tokens: members({ expires_in: undefined }),
  expect: {
    end: 'SIGNED-IN',
    check: ({ expiresAt }, { hostile }) => hostile && expect(expiresAt).toBe(null),
  },
})
