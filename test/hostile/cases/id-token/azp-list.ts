import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the azp of the ID token is a list',
  claims: members({ aud: ['app', 'other'], azp: ['app'] }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
