import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint has too much to do, and says for how long',
  tokenReply: answer('', {
    status: 429,
    headers: { 'retry-after': '7', 'access-control-expose-headers': 'retry-after' },
  }),
  expect: {
    end: 'ANON',
    code: 'provider_unavailable',
    error: { status: 429, retryAfter: 7_000, retryable: true },
  },
})
