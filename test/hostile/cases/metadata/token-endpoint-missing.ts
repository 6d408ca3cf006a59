import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata has no token endpoint',
  metadata: members({ token_endpoint: undefined }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
