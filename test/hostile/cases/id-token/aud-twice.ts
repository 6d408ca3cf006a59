import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the client is twice among the audiences of the ID token, and no azp',
  claims: members({ aud: ['app', 'app'] }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
