import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the provider announces ID tokens without signature',
  metadata: members({ id_token_signing_alg_values_supported: ['none', 'HS256'] }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
