import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token response breaks off',
  tokenReply: answer((honest) => honest.slice(0, -2)),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
