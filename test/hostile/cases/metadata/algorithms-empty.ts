import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the list of algorithms is empty',
  metadata: members({ id_token_signing_alg_values_supported: [] }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
