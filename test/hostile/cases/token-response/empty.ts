import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token response is empty',
  tokenReply: answer(''),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
