import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the clock of the provider is fourteen minutes behind, just not too far',
  clock: -14 * 60_000,
  expect: { end: 'SIGNED-IN' },
})
