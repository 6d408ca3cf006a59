import { defineCase } from '../../define-case.ts'
import { KEYS, signRaw } from '../../provider/keys.ts'

export default defineCase({
  what: 'the header of the ID token has its algorithm on a prototype',
  idToken: ({ claims }) =>
    signRaw(
      '{"__proto__":{"alg":"RS256"},"kid":"honest"}' as never,
      claims,
      KEYS.honest.privateKey,
      'RS256',
    ),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
