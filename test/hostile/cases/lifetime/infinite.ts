import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the lifetime is larger than any number, and counts as unknown',
  tokenReply: answer((honest) => honest.replace('3600', '1e400')),
  expect: {
    end: 'SIGNED-IN',
    check: ({ expiresAt }, { hostile }) => hostile && expect(expiresAt).toBe(null),
  },
})
