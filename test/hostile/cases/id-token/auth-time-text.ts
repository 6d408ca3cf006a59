import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the time of the sign-in is a text, although max_age was asked for',
  request: { maxAge: 300 },
  claims: (claims) => ({ ...claims, auth_time: String(claims.auth_time) }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
