import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the members of the key are base64 with padding',
  keySet: ({ keys }) => ({ keys: keys.map((key) => ({ ...key, n: `${key.n}==` })) }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
