import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the provider breaks during a renewal',
  act: 'renew',
  tokenReply: answer('', { status: 500 }),
  expect: { end: 'KEEP', code: 'provider_unavailable', error: { retryable: true } },
})
