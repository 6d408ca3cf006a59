import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'a proxy in trouble says that the session is over, and has no say in it',
  act: 'renew',
  tokenReply: answer('{"error":"invalid_grant"}', { status: 503 }),
  expect: { end: 'KEEP', code: 'provider_unavailable' },
})
