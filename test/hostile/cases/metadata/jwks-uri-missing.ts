import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata does not say where the key set is',
  metadata: members({ jwks_uri: undefined }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
