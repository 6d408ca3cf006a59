import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the nonce of the ID token is a number',
  claims: members({ nonce: 0 }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
