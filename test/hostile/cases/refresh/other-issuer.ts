import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'a renewed ID token is of another issuer',
  act: 'renew',
  claims: members({ iss: 'https://login.example' }),
  expect: { end: 'ENDED', code: 'session_expired' },
})
