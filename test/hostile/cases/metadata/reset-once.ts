import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { answer, first } from '../../mutations.ts'

export default defineCase({
  what: 'the connection breaks when the metadata is asked for first',
  discoveryReply: first(1, answer('', { reset: true })),
  expect: {
    end: 'SIGNED-IN',
    check: (_, { hostile, issuer }) => expect(issuer.count('discovery')).toBe(hostile ? 2 : 1),
  },
})
