import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the ID token is signed by RS512, where RS256 is announced',
  idToken: ({ header, claims }) =>
    signRaw({ ...header, alg: 'RS512' }, claims, KEYS.honest.privateKey),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
