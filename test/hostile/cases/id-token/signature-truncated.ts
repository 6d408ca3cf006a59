import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the signature of the ID token is cut off',
  idToken: ({ header, claims }) => signRaw(header, claims, KEYS.honest.privateKey).slice(0, -4),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
