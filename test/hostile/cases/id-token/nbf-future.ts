import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the ID token is not valid before an hour',
  claims: (claims, _, issuer) => ({
    ...claims,
    nbf: issuer.now() + 3600,
    exp: issuer.now() + 7200,
  }),
  expect: { end: 'ANON', code: 'id_token_invalid', message: 'The ID token is refused: nbf.' },
})
