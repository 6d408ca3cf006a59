import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the aud of the ID token is an empty list',
  claims: members({ aud: [] }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
