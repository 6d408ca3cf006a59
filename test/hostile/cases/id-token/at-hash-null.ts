import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the at_hash of the ID token is null',
  claims: members({ at_hash: null }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
