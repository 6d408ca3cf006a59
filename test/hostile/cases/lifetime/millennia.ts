import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the access token lives for longer than dates go',
  tokens: members({ expires_in: 999_999_999_999_999 }),
  expect: { end: 'SIGNED-IN' },
})
