import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the times of the ID token are larger than any that a clock knows',
  claims: members({ iat: 1e300, exp: 1e301 }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
