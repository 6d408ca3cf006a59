import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the access token lives for one second',
  tokens: members({ expires_in: 1 }),
  expect: { end: 'SIGNED-IN' },
})
