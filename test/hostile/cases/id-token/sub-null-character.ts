import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the sub of the ID token ends in a null character',
  claims: (claims) => ({ ...claims, sub: `${claims.sub}\0` }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
