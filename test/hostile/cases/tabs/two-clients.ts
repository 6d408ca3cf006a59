import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'two clients start on the page of the callback',
  mode: 'two-clients',
  expect: {
    end: 'SIGNED-IN',
    check: ({ calls }) => expect(calls.filter(({ error }) => error)).toEqual([]),
  },
})
