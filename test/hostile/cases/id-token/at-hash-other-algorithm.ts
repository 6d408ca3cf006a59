import { defineCase } from '../../define-case.ts'
import { halfHash } from '../../provider/create-issuer.ts'

export default defineCase({
  what: 'the at_hash of the ID token is of another algorithm than its signature',
  claims: (claims, { accessToken }) => ({ ...claims, at_hash: halfHash('sha512', accessToken) }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
