import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the sub of the ID token has 255 characters, as it may have',
  claims: members({ sub: 's'.repeat(255) }),
  expect: { end: 'SIGNED-IN' },
})
