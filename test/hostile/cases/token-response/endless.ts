import { defineCase } from '../../define-case.ts'
import { answer, endless } from '../../mutations.ts'

export default defineCase({
  what: 'the token response never ends',
  tokenReply: answer(endless('{"access_token":"', 'x')),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
