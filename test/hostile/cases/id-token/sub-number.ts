import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the sub of the ID token is a number',
  claims: members({ sub: 7 }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
