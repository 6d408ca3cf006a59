import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint is a javascript: address',
  metadata: members({ token_endpoint: 'javascript:alert(1)' }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
