import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token was issued to another client',
  claims: members({ azp: 'other-app' }),
  expect: { end: 'ANON', code: 'id_token_invalid', message: 'The ID token is refused: azp.' },
})
