import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'there are surplus spaces in the scope',
  tokens: members({ scope: '  openid   profile ' }),
  expect: { end: 'SIGNED-IN', check: ({ scope }) => expect(scope).toEqual(['openid', 'profile']) },
})
