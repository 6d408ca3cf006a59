import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the refresh token is a number',
  tokens: members({ refresh_token: 42 }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
