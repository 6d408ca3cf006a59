import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the key set has more than a megabyte',
  keySet: (set) => ({ ...set, more: 'x'.repeat(2 ** 20) }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
