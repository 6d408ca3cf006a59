import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the granted scope is in another order, with one that nobody asked for',
  tokens: members({ scope: 'user_impersonation profile openid' }),
  expect: {
    end: 'SIGNED-IN',
    check: ({ scope }, { hostile }) =>
      expect(scope).toEqual(
        hostile ? ['user_impersonation', 'profile', 'openid'] : ['openid', 'profile'],
      ),
  },
})
