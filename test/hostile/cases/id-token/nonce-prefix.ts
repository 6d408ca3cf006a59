import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the nonce of the ID token is the beginning of ours',
  claims: (claims) => ({ ...claims, nonce: String(claims.nonce).slice(0, -1) }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
