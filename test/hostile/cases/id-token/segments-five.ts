import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the ID token has five segments, as an encrypted one',
  idToken: ({ header, claims }) =>
    `${signRaw({ ...header, alg: 'RSA-OAEP', enc: 'A256GCM' }, claims, KEYS.honest.privateKey, 'RS256')}.AAAA.AAAA`,
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
