import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the user signs in three minutes from now, which is no longer ago than max_age',
  request: { maxAge: 300 },
  claims: (claims, _, issuer) => ({ ...claims, auth_time: issuer.now() + 180 }),
  expect: { end: 'ANON', code: 'id_token_invalid', message: 'The ID token is refused: auth_time.' },
})
