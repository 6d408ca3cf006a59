import { defineCase } from '../../define-case.ts'
import { answer, first } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint is away for a moment: the code is not sent again',
  tokenReply: first(
    1,
    answer('{"error":"invalid_grant"}', { status: 503, headers: { 'retry-after': '1' } }),
  ),
  expect: { end: 'ANON', code: 'provider_unavailable', error: { status: 503 } },
})
