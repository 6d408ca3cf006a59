import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'an access token comes in place of the ID token (typ at+jwt)',
  header: members({ typ: 'at+jwt' }),
  expect: { end: 'ANON', code: 'id_token_invalid', message: 'The ID token is refused: typ.' },
})
