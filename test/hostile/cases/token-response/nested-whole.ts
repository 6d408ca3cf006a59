import { defineCase } from '../../define-case.ts'
import { answer, nested } from '../../mutations.ts'

export default defineCase({
  what: 'the token response is a list, nested fifty thousand times',
  tokenReply: answer(nested(50_000)),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
