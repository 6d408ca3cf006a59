import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

const details = [
  { type: 'payment', amount: { currency: 'EUR', value: '7' }, enriched: true },
  { type: 'accounts' },
]

export default defineCase({
  what: 'fewer authorization details are granted than asked for, and more in them',
  request: { authorizationDetails: [{ type: 'payment' }, { type: 'accounts' }, { type: 'x' }] },
  tokens: members({ authorization_details: details }),
  expect: {
    end: 'SIGNED-IN',
    check: ({ authorizationDetails }, { hostile }) =>
      expect(authorizationDetails).toEqual(hostile ? details : []),
  },
})
