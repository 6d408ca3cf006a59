import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the lifetime is a text with a sign, and counts as unknown',
  tokens: members({ expires_in: '+3600' }),
  expect: {
    end: 'SIGNED-IN',
    check: ({ expiresAt }, { hostile }) => hostile && expect(expiresAt).toBe(null),
  },
})
