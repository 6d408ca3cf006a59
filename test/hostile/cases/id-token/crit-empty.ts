import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the ID token has an empty list of extensions',
  header: members({ crit: [] }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
