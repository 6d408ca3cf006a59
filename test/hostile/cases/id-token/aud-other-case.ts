import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the audience of the ID token differs from the client by its case',
  claims: members({ aud: 'APP' }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
