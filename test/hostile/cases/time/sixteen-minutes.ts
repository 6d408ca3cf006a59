import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the clock of the provider is sixteen minutes ahead, just too far',
  clock: 16 * 60_000,
  expect: { end: 'ANON', code: 'clock_skew' },
})
