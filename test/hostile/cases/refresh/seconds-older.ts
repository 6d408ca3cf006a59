import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'a renewed ID token comes from a server of the provider whose clock is half a minute behind',
  act: 'renew',
  claims: (claims) => ({ ...claims, iat: Number(claims.iat) - 30 }),
  expect: { end: 'KEEP' },
})
