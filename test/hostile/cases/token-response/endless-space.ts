import { defineCase } from '../../define-case.ts'
import { answer, endless } from '../../mutations.ts'

export default defineCase({
  what: 'the token response never begins: there is but space',
  tokenReply: answer(endless('', ' ')),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
