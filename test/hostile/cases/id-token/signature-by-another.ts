import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the ID token is signed by an attacker, in the name of the right key',
  idToken: ({ header, claims }) => signRaw(header, claims, KEYS.attacker.privateKey),
  expect: {
    end: 'ANON',
    code: 'id_token_invalid',
    message: 'The ID token is refused: signature, JWT signature verification failed.',
  },
})
