import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the ID token ran out before it was issued',
  claims: (claims, _, issuer) => ({ ...claims, exp: issuer.now() - 1 }),
  expect: { end: 'ANON', code: 'id_token_invalid', message: 'The ID token is refused: iat.' },
})
