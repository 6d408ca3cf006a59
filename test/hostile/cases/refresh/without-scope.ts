import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'a renewal names no scope: it is as before',
  act: 'renew',
  tokens: members({ scope: undefined }),
  expect: { end: 'KEEP', check: ({ scope }) => expect(scope).toEqual(['openid', 'profile']) },
})
