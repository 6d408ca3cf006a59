import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata says nothing of PKCE, which is sent all the same',
  metadata: members({ code_challenge_methods_supported: undefined }),
  expect: { end: 'SIGNED-IN' },
})
