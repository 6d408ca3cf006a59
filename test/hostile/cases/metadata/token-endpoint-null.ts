import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the token endpoint is null',
  metadata: members({ token_endpoint: null }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
