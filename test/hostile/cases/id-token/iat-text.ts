import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the iat of the ID token is a text',
  claims: (claims) => ({ ...claims, iat: String(claims.iat) }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
