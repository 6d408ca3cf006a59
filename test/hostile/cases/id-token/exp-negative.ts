import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the exp of the ID token is before 1970',
  claims: members({ exp: -1 }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
