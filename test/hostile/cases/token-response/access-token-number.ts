import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the access token is a number',
  tokens: members({ access_token: 42 }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
