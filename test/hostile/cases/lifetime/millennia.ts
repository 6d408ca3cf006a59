import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the access token lives for longer than dates go: nobody knows how long',
  tokens: members({ expires_in: 999_999_999_999_999 }),
  expect: {
    end: 'SIGNED-IN',
    check: (end, { hostile }) => {
      if (hostile) expect(end.expiresAt).toBe(null)
    },
  },
})
