import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the header of the ID token is a list',
  idToken: ({ header, claims }) =>
    signRaw([header] as never, claims, KEYS.honest.privateKey, 'RS256'),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
