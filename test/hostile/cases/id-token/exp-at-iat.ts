import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the ID token runs out in the moment it is issued',
  claims: (claims) => ({ ...claims, exp: claims.iat }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
