import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { members } from '../../mutations.ts'

export default defineCase({
  what: 'a renewal answers with a scope that nobody granted: it is not shown',
  act: 'renew',
  tokens: members({ scope: 'openid profile payments.write' }),
  expect: { end: 'KEEP', check: ({ scope }) => expect(scope).toEqual(['openid', 'profile']) },
})
