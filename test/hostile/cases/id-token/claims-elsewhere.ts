import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the ID token says that more claims are elsewhere, to be had with the access token',
  claims: (claims, _, { elsewhere }) => ({
    ...claims,
    _claim_names: { address: 's' },
    _claim_sources: { s: { endpoint: elsewhere, access_token: 'x' } },
  }),
  expect: { end: 'SIGNED-IN' },
})
