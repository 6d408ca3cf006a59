import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the lifetime is a text, as some providers have it',
  tokens: members({ expires_in: '3600' }),
  expect: {
    end: 'SIGNED-IN',
    check: ({ expiresAt }) => expect((expiresAt ?? 0) - Date.now()).toBeGreaterThan(3_500_000),
  },
})
