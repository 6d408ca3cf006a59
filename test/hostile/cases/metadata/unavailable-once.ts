import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { answer, first } from '../../mutations.ts'

export default defineCase({
  what: 'the metadata cannot be had at first',
  discoveryReply: first(1, answer('', { status: 503 })),
  expect: {
    end: 'SIGNED-IN',
    check: (_, { hostile, issuer }) => expect(issuer.count('discovery')).toBe(hostile ? 2 : 1),
  },
})
