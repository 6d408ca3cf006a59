import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token is for another client',
  claims: members({ aud: 'other-app' }),
  expect: {
    end: 'ANON',
    code: 'id_token_invalid',
    message: 'The ID token is refused: unexpected JWT "aud" (audience) claim value.',
  },
})
