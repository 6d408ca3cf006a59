import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the error is an object, with tokens beside it',
  tokens: members({ error: { code: 7 } }),
  expect: { end: 'ANON', code: 'provider_unavailable' },
})
