import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the authorization endpoint has a query of its own, as it may have',
  metadata: (document) => ({
    ...document,
    authorization_endpoint: `${document.authorization_endpoint}?tenant=a%20b`,
  }),
  expect: {
    end: 'SIGNED-IN',
    check(_, { hostile, issuer }) {
      const asked = issuer.log.find(({ endpoint }) => endpoint === 'authorize')
      expect(asked?.url.search.startsWith('?tenant=a%20b&')).toBe(hostile)
    },
  },
})
