import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the key set is a bare list',
  keySet: (set) => set.keys,
  expect: { end: 'ANON', code: 'discovery_invalid' },
})
