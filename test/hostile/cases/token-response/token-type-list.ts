import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the token type is a list',
  tokens: members({ token_type: ['Bearer'] }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
