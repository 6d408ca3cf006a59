import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the typ of the ID token is a number',
  header: members({ typ: 1 }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
