import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the ID token spells the issuer in other letters',
  claims: (claims) => ({ ...claims, iss: String(claims.iss).replace('http:', 'HTTP:') }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
