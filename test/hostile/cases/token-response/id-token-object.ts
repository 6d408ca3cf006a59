import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token is an object',
  tokens: members({ id_token: { sub: 'admin' } }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
