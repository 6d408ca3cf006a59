import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the token type is spelt in capitals, as it may be',
  tokens: members({ token_type: 'BEARER' }),
  expect: { end: 'SIGNED-IN' },
})
