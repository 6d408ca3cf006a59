import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token is for a second client as well, and does not say for whom it was issued',
  claims: members({ aud: ['app', 'other-app'] }),
  expect: {
    end: 'ANON',
    code: 'id_token_invalid',
    message:
      'The ID token is refused: ID Token "aud" (audience) claim includes additional untrusted audiences.',
  },
})
