import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token response begins with what keeps scripts from reading it',
  tokenReply: answer((honest) => `)]}',\n${honest}`),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
