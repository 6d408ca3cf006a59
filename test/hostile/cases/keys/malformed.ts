import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the key is none',
  keySet: (set) => ({ keys: set.keys.map((key) => ({ ...key, n: 'AQAB', e: '!' })) }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
