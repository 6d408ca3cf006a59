import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the ID token has the issuer with a slash at its end',
  claims: (claims) => ({ ...claims, iss: `${claims.iss}/` }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
