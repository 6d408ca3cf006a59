import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the ID token has two segments',
  idToken: ({ header, claims }) =>
    signRaw(header, claims, KEYS.honest.privateKey).split('.').slice(0, 2).join('.'),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
