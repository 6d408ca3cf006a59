import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the exp of the ID token is in more years than there will be',
  claims: members({ exp: 1e300 }),
  expect: { end: 'SIGNED-IN' },
})
