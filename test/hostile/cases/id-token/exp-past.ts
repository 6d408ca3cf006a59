import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the ID token ran out before it was received',
  claims: (claims, _, issuer) => ({ ...claims, iat: issuer.now() - 600, exp: issuer.now() - 540 }),
  // A provider whose clock is ten minutes behind writes the same, and has to be let in (EITHER).
  expect: { end: 'SIGNED-IN' },
})
