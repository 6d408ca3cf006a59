import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'there is a space behind the token type',
  tokens: members({ token_type: 'Bearer ' }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
