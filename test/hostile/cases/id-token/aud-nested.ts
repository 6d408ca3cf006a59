import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the audience of the ID token is a list in a list',
  claims: members({ aud: [['app']] }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
