import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token has no typ, as it may have none',
  header: members({ typ: undefined }),
  expect: { end: 'SIGNED-IN' },
})
