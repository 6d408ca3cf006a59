import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'the access token lives for thirty days, and nothing can renew it',
  tokens: members({ expires_in: 30 * 86_400, refresh_token: undefined }),
  expect: { end: 'SIGNED-IN', check: ({ renewal }) => expect(renewal).toBe('idle') },
})
