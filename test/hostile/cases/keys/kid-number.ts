import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the kid of the ID token is a number',
  header: members({ kid: 7 }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
