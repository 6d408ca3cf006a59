import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the nonce of the ID token is a list with the right one in it',
  claims: (claims) => ({ ...claims, nonce: [claims.nonce] }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
