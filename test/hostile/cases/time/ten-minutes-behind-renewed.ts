import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the clock of the provider is ten minutes behind when it renews',
  act: 'renew',
  honest: { clock: -10 * 60_000 },
  clock: -10 * 60_000,
  expect: { end: 'KEEP' },
})
