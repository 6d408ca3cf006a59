import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the time of the sign-in is an object that becomes no number',
  claims: members({ auth_time: { toString: 1, valueOf: 1 } }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
