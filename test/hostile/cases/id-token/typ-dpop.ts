import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'a DPoP proof comes in place of the ID token',
  header: members({ typ: 'dpop+jwt' }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
