import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'a renewal brings no ID token, as it may',
  act: 'renew',
  tokens: members({ id_token: undefined }),
  expect: { end: 'KEEP' },
})
