import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the key set is behind an address of no use',
  metadata: members({ jwks_uri: 'http://login.example/jwks' }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
