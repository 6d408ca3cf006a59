import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token is null',
  tokens: members({ id_token: null }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
