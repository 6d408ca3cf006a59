import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token does not name its key, and there is one alone',
  header: members({ kid: undefined }),
  expect: { end: 'SIGNED-IN' },
})
