import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the access token is of a kind that nobody knows',
  tokens: members({ token_type: 'mac' }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
