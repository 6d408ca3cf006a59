import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the provider offers PKCE without S256: nothing is downgraded',
  metadata: members({ code_challenge_methods_supported: ['plain'] }),
  expect: {
    end: 'ANON',
    code: 'discovery_invalid',
    message: 'The provider has no usable PKCE with S256.',
  },
})
