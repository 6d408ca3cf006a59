import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the key is for another algorithm',
  keySet: (set) => ({ keys: set.keys.map((key) => ({ ...key, alg: 'PS256' })) }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
