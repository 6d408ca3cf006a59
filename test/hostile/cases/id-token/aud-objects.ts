import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the audiences of the ID token are objects that become no text, beside the client',
  claims: members({ aud: ['app', { toString: 1 }, { toString: 1 }], azp: 'app' }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
