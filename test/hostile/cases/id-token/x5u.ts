import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the ID token says where its certificate is (x5u), and is signed by an attacker',
  idToken: ({ header, claims }, { elsewhere }) =>
    signRaw({ ...header, x5u: elsewhere }, claims, KEYS.attacker.privateKey),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
