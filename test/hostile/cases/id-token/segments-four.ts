import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the ID token has four segments',
  idToken: ({ header, claims }) => `${signRaw(header, claims, KEYS.honest.privateKey)}.AAAA`,
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
