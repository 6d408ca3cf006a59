import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the scope is a number',
  tokens: members({ scope: 7 }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
