import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the exp of the ID token is a text',
  claims: (claims) => ({ ...claims, exp: String(claims.exp) }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
