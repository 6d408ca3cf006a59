import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the iat of the ID token is null',
  claims: members({ iat: null }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
