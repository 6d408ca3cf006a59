import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the ID token has a list of issuers',
  claims: (claims) => ({ ...claims, iss: [claims.iss] }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
