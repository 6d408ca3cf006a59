import { expect } from 'vitest'
import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the clock of the provider is a day ahead',
  clock: 86_400_000,
  expect: {
    end: 'ANON',
    code: 'clock_skew',
    message: 'The clock of this device is 1440 minutes behind: set it.',
    check: ({ error }, { hostile }) =>
      hostile && expect(Math.abs((error?.offset ?? 0) - 86_400_000)).toBeLessThan(60_000),
  },
})
