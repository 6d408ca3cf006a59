import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the ID token is signed with the public key as if it were a shared secret',
  idToken: ({ header, claims }) => {
    const pem = KEYS.honest.publicKey.export({ type: 'spki', format: 'pem' })
    return signRaw({ ...header, alg: 'HS256' }, claims, String(pem))
  },
  expect: {
    end: 'ANON',
    code: 'id_token_invalid',
    message: 'The ID token is refused: unexpected JWT "alg" header parameter.',
  },
})
