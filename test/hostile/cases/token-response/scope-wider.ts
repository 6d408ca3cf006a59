import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'more scope is granted than asked for, and is but reported',
  tokens: members({ scope: 'openid profile admin' }),
  expect: {
    end: 'SIGNED-IN',
    check: ({ scope }, { hostile }) =>
      hostile && expect(scope).toEqual(['openid', 'profile', 'admin']),
  },
})
