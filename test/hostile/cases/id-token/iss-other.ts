import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token is of another issuer',
  claims: members({ iss: 'https://login.example' }),
  expect: {
    end: 'ANON',
    code: 'id_token_invalid',
    message: 'The ID token is refused: unexpected JWT "iss" (issuer) claim value.',
  },
})
