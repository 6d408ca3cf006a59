import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the access token is empty',
  tokens: members({ access_token: '' }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
