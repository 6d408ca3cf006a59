import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the sub of the ID token has 256 characters',
  claims: members({ sub: 's'.repeat(256) }),
  expect: { end: 'ANON', code: 'id_token_invalid', message: 'The ID token is refused: sub.' },
})
