import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'a renewed ID token says that the user signed in at another time',
  act: 'renew',
  claims: (claims) => ({ ...claims, auth_time: Number(claims.auth_time) + 100 }),
  expect: { end: 'ENDED', code: 'session_expired' },
})
