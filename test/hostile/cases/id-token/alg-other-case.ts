import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the alg of the ID token is rs256 in small letters',
  header: members({ alg: 'rs256' }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
