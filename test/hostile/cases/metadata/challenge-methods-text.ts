import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'plain is the one challenge method, as a text',
  metadata: members({ code_challenge_methods_supported: 'plain' }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
