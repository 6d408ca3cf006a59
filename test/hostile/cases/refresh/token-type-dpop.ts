import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'a renewed access token is of another kind',
  act: 'renew',
  tokens: members({ token_type: 'DPoP' }),
  expect: { end: 'KEEP', code: 'token_response_invalid' },
})
