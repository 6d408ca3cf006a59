import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'there is a line break at the end of the ID token',
  idToken: ({ header, claims }) => `${signRaw(header, claims, KEYS.honest.privateKey)}\n`,
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
