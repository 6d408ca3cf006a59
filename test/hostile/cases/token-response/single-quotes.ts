import { defineCase } from '../../define-case.ts'
import { answer } from '../../mutations.ts'

export default defineCase({
  what: 'the token response is a JavaScript literal and no JSON',
  tokenReply: answer((honest) => honest.replaceAll('"', "'")),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
