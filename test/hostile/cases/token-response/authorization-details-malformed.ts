import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'what is granted in detail has no form, and counts for nothing',
  request: { authorizationDetails: [{ type: 'payment' }] },
  tokens: members({
    authorization_details: ['payment', null, 7, {}, { type: 7 }, [{ type: 'payment' }]],
  }),
  expect: {
    end: 'SIGNED-IN',
    check: ({ authorizationDetails }) => expect(authorizationDetails).toEqual([]),
  },
})
