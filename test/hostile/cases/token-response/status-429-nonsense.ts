import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint has too much to do, and says nonsense about how long',
  tokenReply: answer('', {
    status: 429,
    headers: { 'retry-after': '-1e999 soon', 'access-control-expose-headers': 'retry-after' },
  }),
  expect: {
    end: 'ANON',
    code: 'provider_unavailable',
    check: ({ error }) => expect(error?.retryAfter).toBe(undefined),
  },
})
