import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata cannot be had for an hour: nobody waits that long, or asks again at once',
  discoveryReply: answer('', {
    status: 503,
    headers: { 'retry-after': '3600', 'access-control-expose-headers': 'retry-after' },
  }),
  expect: {
    end: 'ANON',
    code: 'provider_unavailable',
    error: { retryAfter: 3_600_000 },
    discoveryRequests: 1,
  },
})
