import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the exp of the ID token is true',
  claims: members({ exp: true }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
