import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the provider offers no way of PKCE',
  metadata: members({ code_challenge_methods_supported: [] }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
