import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the key is for encryption',
  keySet: (set) => ({ keys: set.keys.map((key) => ({ ...key, use: 'enc' })) }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
