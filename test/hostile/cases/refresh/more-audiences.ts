import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'a renewed ID token is for more clients than before',
  act: 'renew',
  claims: members({ aud: ['app', 'other-app'], azp: 'app' }),
  expect: { end: 'ENDED', code: 'session_expired' },
})
