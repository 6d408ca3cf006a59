import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'

const granted = [{ type: 'payment', actions: ['initiate'] }]

export default defineCase({
  what: 'a renewal does not say what it grants of authorization_details: it is as before',
  act: 'renew',
  honest: { tokens: (response) => ({ ...response, authorization_details: granted }) },
  tokens: (response) => ({ ...response, authorization_details: undefined }),
  expect: {
    end: 'KEEP',
    check: ({ authorizationDetails }) => expect(authorizationDetails).toEqual(granted),
  },
})
