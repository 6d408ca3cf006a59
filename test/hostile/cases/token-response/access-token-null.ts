import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the access token is null',
  tokens: members({ access_token: null }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
