import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the lifetime is true, and counts as unknown',
  tokens: members({ expires_in: true }),
  expect: {
    end: 'SIGNED-IN',
    check: ({ expiresAt }, { hostile }) => hostile && expect(expiresAt).toBe(null),
  },
})
