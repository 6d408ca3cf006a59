import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the scope has a hundred thousand words',
  tokens: (r) => ({ ...r, scope: Array.from({ length: 100_000 }, (_, i) => `s${i}`).join(' ') }),
  expect: { end: 'SIGNED-IN' },
})
