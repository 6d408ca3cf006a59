import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the nonce of the ID token is ours and more',
  claims: (claims) => ({ ...claims, nonce: `${claims.nonce} ` }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
