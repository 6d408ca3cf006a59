import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the access token is an object',
  tokens: members({ access_token: { value: 'x' } }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
