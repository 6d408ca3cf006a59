import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'there are two JSON documents in the token response',
  tokenReply: answer((honest) => honest + honest),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
