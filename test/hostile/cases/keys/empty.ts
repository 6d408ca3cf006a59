import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the key set is empty',
  keySet: () => ({ keys: [] }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
