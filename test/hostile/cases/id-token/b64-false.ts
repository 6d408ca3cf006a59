import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the payload of the ID token is said not to be encoded',
  header: members({ b64: false, crit: ['b64'] }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
