import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token has the nonce of another sign-in',
  claims: members({ nonce: 'another' }),
  expect: { end: 'ANON', code: 'id_token_invalid', message: 'The ID token is refused: nonce.' },
})
