import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata cannot be had: it is asked for three times',
  discoveryReply: answer('', { status: 503 }),
  expect: {
    end: 'ANON',
    code: 'provider_unavailable',
    error: { status: 503, retryable: true },
    discoveryRequests: 3,
  },
})
