import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the algorithms are a list of lists',
  metadata: members({ id_token_signing_alg_values_supported: [['RS256']] }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
