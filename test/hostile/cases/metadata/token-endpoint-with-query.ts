import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the token endpoint has a query of its own, as it may have',
  metadata: (document) => ({ ...document, token_endpoint: `${document.token_endpoint}?own=a%20b` }),
  expect: {
    end: 'SIGNED-IN',
    check(_, { hostile, issuer }) {
      const asked = issuer.log.find(({ endpoint }) => endpoint === 'token')
      expect(asked?.url.search).toBe(hostile ? '?own=a%20b' : '')
    },
  },
})
