import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'tokens come with status 400, which is a refusal without a reason',
  tokenReply: answer((honest) => honest, { status: 400 }),
  expect: { end: 'ANON', code: 'token_request_refused' },
})
