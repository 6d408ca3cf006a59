import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the nbf of the ID token is a text',
  claims: (claims) => ({ ...claims, nbf: String(claims.iat) }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
