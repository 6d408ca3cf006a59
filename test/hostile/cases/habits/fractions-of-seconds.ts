import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'times in the ID token have fractions, as libraries of PHP make them',
  claims: (claims) => ({
    ...claims,
    iat: Number(claims.iat) + 0.123456,
    nbf: Number(claims.iat) + 0.123456,
    exp: Number(claims.exp) + 0.5,
  }),
  expect: { end: 'SIGNED-IN' },
})
