import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'a logout token comes in place of the ID token',
  header: members({ typ: 'logout+jwt' }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
