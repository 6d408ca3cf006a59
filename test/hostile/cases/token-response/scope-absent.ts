import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the scope is absent: what was asked for is granted',
  tokens: members({ scope: undefined }),
  expect: { end: 'SIGNED-IN', check: ({ scope }) => expect(scope).toEqual(['openid', 'profile']) },
})
