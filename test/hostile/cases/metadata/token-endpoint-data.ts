import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint is data:, which would answer with what its author likes',
  metadata: members({ token_endpoint: 'data:application/json,{}' }),
  expect: { end: 'ANON', code: 'insecure_url' },
})
