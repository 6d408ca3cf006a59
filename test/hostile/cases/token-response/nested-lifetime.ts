import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { answer, nested } from '../../mutations.ts'

export default defineCase({
  what: 'the lifetime is a list, nested fifty thousand times',
  tokenReply: answer((honest) =>
    honest.replace('"expires_in":3600', `"expires_in":${nested(50_000)}`),
  ),
  expect: {
    end: 'SIGNED-IN',
    check: ({ expiresAt }, { hostile }) => hostile && expect(expiresAt).toBe(null),
  },
})
