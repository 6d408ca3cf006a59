import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the key is not for verifying',
  keySet: (set) => ({
    keys: set.keys.map(({ use, ...key }) => ({ ...key, key_ops: ['encrypt'] })),
  }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
