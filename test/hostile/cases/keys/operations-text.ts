import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the operations of the key are a text and no list',
  keySet: ({ keys }) => ({ keys: keys.map((key) => ({ ...key, key_ops: 1 })) }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
