import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the ID token brings its own key along (jwk), and is signed by an attacker',
  idToken: ({ header, claims }) =>
    signRaw({ ...header, jwk: KEYS.attacker.jwk }, claims, KEYS.attacker.privateKey),
  expect: {
    end: 'ANON',
    code: 'id_token_invalid',
    message: 'The ID token is refused: signature, JWT signature verification failed.',
    mostKeyRequests: 4,
  },
})
