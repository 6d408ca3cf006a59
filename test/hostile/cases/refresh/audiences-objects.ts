import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the audiences of a renewed ID token are objects that become no text, beside the client',
  act: 'renew',
  claims: members({ aud: ['app', { toString: 1 }, { toString: 1 }], azp: 'app' }),
  expect: { end: 'ENDED', code: 'session_expired' },
})
