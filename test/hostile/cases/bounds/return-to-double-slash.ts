import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the app wants to come back to a path that reads as a host',
  request: { returnTo: '/.//evil.localhost' },
  mode: 'twice',
  expect: {
    end: 'SIGNED-IN',
    check: ({ href }, { origin }) => expect(href.startsWith(`${origin}/`)).toBe(true),
  },
})
