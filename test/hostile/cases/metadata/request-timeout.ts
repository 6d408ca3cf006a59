import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata comes with 408 (RFC 9110 §15.5.9): it is asked for again, as after a 503',
  discoveryReply: answer('', { status: 408 }),
  expect: {
    end: 'ANON',
    code: 'provider_unavailable',
    error: { status: 408, retryable: true },
    discoveryRequests: 3,
  },
})
