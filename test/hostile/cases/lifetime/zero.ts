import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the access token lives for no second',
  tokens: members({ expires_in: 0 }),
  expect: { end: 'SIGNED-IN' },
})
