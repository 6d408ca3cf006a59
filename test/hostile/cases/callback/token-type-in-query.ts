import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'parts of a token response come with the code; they are ignored (EITHER)',
  callback: set({ token_type: 'Bearer', expires_in: '1', scope: 'admin' }),
  expect: { end: 'SIGNED-IN', check: ({ scope }) => expect(scope).toEqual(['openid', 'profile']) },
})
