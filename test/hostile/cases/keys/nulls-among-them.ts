import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'there are entries in the key set that are no keys: they are passed over',
  keySet: (set) => ({ keys: [null, 7, 'key', [], {}, ...set.keys] }),
  expect: { end: 'SIGNED-IN' },
})
