import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token has no at_hash, as it may have none in the code flow',
  claims: members({ at_hash: undefined }),
  expect: { end: 'SIGNED-IN' },
})
