import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata cannot be had before the last day of all: a timer for that would fire at once',
  discoveryReply: answer('', {
    status: 503,
    headers: {
      'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT',
      'access-control-expose-headers': 'retry-after',
    },
  }),
  expect: {
    end: 'ANON',
    code: 'provider_unavailable',
    error: { retryAfter: 2 ** 31 - 1 },
    discoveryRequests: 1,
  },
})
