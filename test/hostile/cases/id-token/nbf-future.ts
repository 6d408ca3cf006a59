import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the ID token is not valid before three minutes',
  claims: (claims, _, issuer) => ({ ...claims, nbf: issuer.now() + 180 }),
  expect: { end: 'ANON', code: 'id_token_invalid', message: 'The ID token is refused: nbf.' },
})
