import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'a renewed ID token was issued before the first one',
  act: 'renew',
  claims: (claims) => ({ ...claims, iat: Number(claims.iat) - 120 }),
  expect: { end: 'ENDED', code: 'session_expired' },
})
