import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the app wants to come back to another origin: it comes back to its own',
  request: { returnTo: '/\\evil.localhost/steal' },
  mode: 'twice',
  expect: { end: 'SIGNED-IN', check: ({ href }, { origin }) => expect(href).toBe(`${origin}/`) },
})
