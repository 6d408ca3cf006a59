import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the nonce of the ID token differs from ours by its case',
  claims: (claims) => ({ ...claims, nonce: String(claims.nonce).toUpperCase() }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
