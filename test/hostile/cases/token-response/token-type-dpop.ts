import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the access token is bound to a key, although none was shown',
  tokens: members({ token_type: 'DPoP' }),
  expect: { end: 'ANON', code: 'token_response_invalid' },
})
