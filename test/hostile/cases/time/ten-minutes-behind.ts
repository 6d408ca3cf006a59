import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the clock of the provider is ten minutes behind',
  clock: -10 * 60_000,
  expect: { end: 'SIGNED-IN' },
})
