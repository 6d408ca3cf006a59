import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the aud of the ID token lists something that is no name',
  claims: members({ aud: ['app', 7], azp: 'app' }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
