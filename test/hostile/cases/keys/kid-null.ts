import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the key has a kid of null',
  keySet: ({ keys }) => ({ keys: keys.map((key) => ({ ...key, kid: null })) }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
