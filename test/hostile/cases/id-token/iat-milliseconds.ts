import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the times of the ID token are in milliseconds',
  claims: (claims) => ({
    ...claims,
    iat: Number(claims.iat) * 1000,
    exp: Number(claims.exp) * 1000,
  }),
  expect: { end: 'ANON', code: 'clock_skew' },
})
