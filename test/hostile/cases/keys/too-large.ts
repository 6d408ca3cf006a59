import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the key set has more than half a megabyte',
  keySet: (set) => ({ ...set, more: 'x'.repeat(2 ** 19) }),
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
