import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the ID token has been valid for a while, as it may be',
  claims: (claims, _, issuer) => ({ ...claims, nbf: issuer.now() - 30 }),
  expect: { end: 'SIGNED-IN' },
})
