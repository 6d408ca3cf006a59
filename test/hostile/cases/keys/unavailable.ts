import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the key set cannot be had',
  keySetReply: answer('', { status: 500 }),
  expect: { end: 'ANON', code: 'provider_unavailable', mostKeyRequests: 12 },
})
