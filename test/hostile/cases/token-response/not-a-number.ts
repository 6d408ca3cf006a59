import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'a lifetime of the token response is NaN, which is no JSON',
  tokenReply: answer((honest) => honest.replace('3600', 'NaN')),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
