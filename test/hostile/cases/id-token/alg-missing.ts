import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token does not name its algorithm',
  header: members({ alg: undefined }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
