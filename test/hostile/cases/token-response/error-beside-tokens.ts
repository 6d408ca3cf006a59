import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'an error comes with tokens beside it',
  tokens: members({ error: 'invalid_grant' }),
  expect: { end: 'ANON', code: 'token_request_refused' },
})
