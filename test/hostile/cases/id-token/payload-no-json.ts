import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the payload of the ID token is no JSON',
  idToken: ({ header }) => signRaw(header, 'sub=monika', KEYS.honest.privateKey),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
