import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the access token lives for thirty days, longer than any timer',
  tokens: members({ expires_in: 30 * 86_400 }),
  expect: { end: 'SIGNED-IN', check: ({ renewal }) => expect(renewal).toBe('idle') },
})
