import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the user signed in longer ago than max_age',
  request: { maxAge: 300 },
  claims: (claims, _, issuer) => ({ ...claims, auth_time: issuer.now() - 400 }),
  expect: { end: 'ANON', code: 'id_token_invalid', message: 'The ID token is refused: auth_time.' },
})
