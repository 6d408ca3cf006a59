import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the use of the key is a list',
  keySet: ({ keys }) => ({ keys: keys.map((key) => ({ ...key, use: ['sig'] })) }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
