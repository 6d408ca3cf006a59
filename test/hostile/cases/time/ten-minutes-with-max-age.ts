import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the clock of the provider is ten minutes behind, and the sign-in has to be fresh',
  request: { maxAge: 60 },
  clock: -10 * 60_000,
  expect: { end: 'SIGNED-IN' },
})
