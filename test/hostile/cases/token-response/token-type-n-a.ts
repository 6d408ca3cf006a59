import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'what was issued is no access token (token_type N_A)',
  tokens: members({ token_type: 'N_A' }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
