import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'a renewed ID token has another nonce',
  act: 'renew',
  claims: members({ nonce: 'another' }),
  expect: { end: 'ENDED', code: 'session_expired' },
})
