import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'a renewed ID token is for another client',
  act: 'renew',
  claims: members({ aud: 'other-app' }),
  expect: { end: 'ENDED', code: 'session_expired' },
})
