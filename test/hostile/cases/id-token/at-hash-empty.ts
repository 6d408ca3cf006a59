import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the at_hash of the ID token is empty',
  claims: members({ at_hash: '' }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
