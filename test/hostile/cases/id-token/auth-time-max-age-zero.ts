import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the user signed in a while ago, although max_age=0 asked for now',
  request: { maxAge: 0 },
  claims: (claims, _, issuer) => ({ ...claims, auth_time: issuer.now() - 120 }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
