import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the payload of the ID token is a list',
  idToken: ({ header, claims }) => signRaw(header, [claims], KEYS.honest.privateKey),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
