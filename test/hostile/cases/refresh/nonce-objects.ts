import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the nonce of a renewed ID token is a list of objects that become no text',
  act: 'renew',
  claims: members({ nonce: [{ toString: 1 }, { toString: 1 }] }),
  expect: { end: 'ENDED', code: 'session_expired' },
})
