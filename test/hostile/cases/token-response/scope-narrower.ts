import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'less scope is granted than asked for, and the app can see it',
  tokens: members({ scope: 'openid' }),
  expect: {
    end: 'SIGNED-IN',
    check: ({ scope }, { hostile }) =>
      expect(scope).toEqual(hostile ? ['openid'] : ['openid', 'profile']),
  },
})
