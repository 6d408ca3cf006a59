import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'a renewed ID token is signed by an attacker',
  act: 'renew',
  idToken: ({ header, claims }) => signRaw(header, claims, KEYS.attacker.privateKey),
  expect: { end: 'ENDED', code: 'session_expired' },
})
