import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'
import { set } from '../../mutations.ts'

export default defineCase({
  what: 'the callback has a session_state, which is scrubbed with the rest',
  callback: set({ session_state: 'abc.def' }),
  expect: { end: 'SIGNED-IN', check: ({ href }) => expect(new URL(href).search).toBe('') },
})
