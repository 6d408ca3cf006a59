import { defineCase } from '../../define-case.ts'

export default defineCase({
  what: 'the key is there as a certificate alone',
  keySet: () => ({ keys: [{ kty: 'RSA', kid: 'honest', x5c: ['MIIB'] }] }),
  expect: { end: 'ANON', code: 'id_token_invalid' },
})
