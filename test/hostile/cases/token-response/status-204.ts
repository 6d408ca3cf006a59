import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint answers with status 204',
  tokenReply: answer('', { status: 204 }),
  expect: { end: 'ANON', code: 'provider_unavailable', error: { status: 204 } },
})
