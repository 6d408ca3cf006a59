import { defineCase } from '../../define-case.ts'
import type { Json } from '../../provider/mutation.ts'

const nonces = new Map<string, unknown>()

export default defineCase({
  what: 'a renewed ID token has the nonce of the sign-in',
  act: 'renew',
  honest: {
    claims(claims, _, issuer) {
      nonces.set(issuer.url, claims.nonce)
      return claims
    },
  },
  claims: (claims, _, issuer): Json => ({ ...claims, nonce: nonces.get(issuer.url) }),
  expect: { end: 'KEEP' },
})
