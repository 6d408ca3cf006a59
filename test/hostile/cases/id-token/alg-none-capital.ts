import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token says "None" for its algorithm',
  header: members({ alg: 'None' }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
