import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata cannot be had, and the time to wait is nonsense',
  discoveryReply: answer('', {
    status: 503,
    headers: { 'retry-after': 'tomorrow?', 'access-control-expose-headers': 'retry-after' },
  }),
  expect: { end: 'ANON', code: 'provider_unavailable', discoveryRequests: 3 },
})
