import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the algorithms are a text and no list',
  metadata: members({ id_token_signing_alg_values_supported: 'RS256' }),
  expect: { end: 'SIGNED-IN' },
})
